import type { RightsQuestion } from '#control-plane/cloud/role-rights.ts'
import { factOf, type Observation, type Step, type Work } from '../step.ts'
import { stackNameOfWork } from './stack-operation.ts'

/** A tenant that is not there: what a role may do with its data, it may do with everybody's. */
const NEIGHBOUR = 'convoke-neighbour'
const TABLE_ACTIONS = ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem']
const OBJECT_ACTIONS = ['s3:GetObject', 's3:PutObject']

/** Kept in the step's row. */
const LEAKS_CHARACTERS_MAX = 2000

/**
 * That no role of the tenant's stack can read or write another tenant's rows and mail, nor the cell's: asked of IAM itself, role by role, before it
 * goes live and after every change of it. That a role may use the tenant's own table is asked as well: an answer that never allows anything would prove nothing.
 */
export const proveIsolation: Step = {
  name: 'prove_isolation',
  sentence: 'We make sure that nobody else’s server can reach your data, nor yours theirs.',
  vendorSentence: 'IAM: no role of the stack may touch another tenant’s table or bucket, or the cell’s table.',
  async ensure(work) {
    const leaks: string[] = []
    let hasOwn = false
    for (const roleName of await rolesOf(work)) {
      const question = await questionsOf(work, roleName)
      for (const foreign of question.foreign) leaks.push(...(await allowed(work, foreign)).map(saidOf(foreign)))
      hasOwn ||= (await allowed(work, question.own)).length > 0
    }
    return { isAsked: 'true', hasOwn: String(hasOwn), leaks: leaks.join(', ').slice(0, LEAKS_CHARACTERS_MAX) }
  },
  async observe(work) {
    const { isAsked, hasOwn, leaks = '' } = work.step.outputs ?? {}
    if (isAsked !== 'true') return { kind: 'absent' }
    if (leaks !== '') return broken(`The stack reaches beyond its tenant: ${leaks}.`)
    if (hasOwn !== 'true') return broken('No role of the stack may read its own table: that proves nothing.')
    return { kind: 'done' }
  },
}

function broken(text: string): Observation {
  return { kind: 'stuck', code: 'isolation_broken', text, whoActs: 'vendor' }
}

async function rolesOf(work: Work): Promise<readonly string[]> {
  const stackName = stackNameOfWork(work)
  const resources = (await work.call('cloudformation', (cloud) => cloud.stacks.resources(stackName))) ?? []
  return resources.flatMap(({ resourceType, physicalId }) =>
    resourceType === 'AWS::IAM::Role' && physicalId !== undefined ? [physicalId] : [],
  )
}

async function questionsOf(work: Work, roleName: string) {
  const { place, cellTableName } = await work.site()
  const { awsAccountId, region, roleArn: ownRoleArn = 'arn:aws' } = place
  const partition = ownRoleArn.split(':')[1] ?? ''
  const roleArn = `arn:${partition}:iam::${awsAccountId}:role/${roleName}`
  const table = (tableName: string): RightsQuestion => ({
    roleArn,
    actions: TABLE_ACTIONS,
    resourceArn: `arn:${partition}:dynamodb:${region}:${awsAccountId}:table/${tableName}`,
  })
  const mail = { roleArn, actions: OBJECT_ACTIONS, resourceArn: `arn:${partition}:s3:::${NEIGHBOUR}-bucket/inbound/a` }
  const foreign = [table(`${NEIGHBOUR}-table`), mail, ...(cellTableName === undefined ? [] : [table(cellTableName)])]
  return { own: table(factOf(work, 'tableName')), foreign }
}

/** A role that is listed and not there any more may do nothing. */
async function allowed(work: Work, question: RightsQuestion): Promise<readonly string[]> {
  return (await work.call('iam', (cloud) => cloud.roleRights.allowed(question))) ?? []
}

function saidOf({ roleArn, resourceArn }: RightsQuestion) {
  return (action: string) => `${roleArn.split('/').at(-1)} may ${action} on ${resourceArn}`
}
