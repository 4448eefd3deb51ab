import type { CloudStack } from '#control-plane/cloud/stacks.ts'
import type { Facts } from '../run.ts'
import { generationOf, type Observation, pollAt, type Step, type Work } from '../step.ts'
import { foreign, isOurStack } from './ours.ts'
import {
  checkChangeSet,
  createChangeSet,
  executeChangeSet,
  isBusy,
  observeExecution,
  planChangeSet,
  readStack,
  stackNameOfWork,
  tokenOf,
  waitForStack,
} from './stack-operation.ts'

/** A queue's name can be had again a minute after it was deleted (SQS). */
const NAME_AGAIN_MILLISECONDS = 61_000
/** A creation that fails so often fails for a reason. */
const CREATIONS_MAX = 3

/** States of a stack that never came to be: it is deleted before another try. */
const FAILED_BIRTHS: readonly string[] = ['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED']

export const prepareStack: Step = {
  name: 'prepare_stack',
  sentence: 'We prepare your server.',
  vendorSentence: 'CloudFormation: change set of the tenant stack.',
  plan: (work) => planChangeSet(work, 'first'),
  async ensure(work, request) {
    const found = await readStack(work)
    if (found === undefined || found.status === 'REVIEW_IN_PROGRESS') return createChangeSet(work, request, 'first')
    return removeFailedBirth(work)
  },
  async observe(work, { changeSetName = '' }) {
    const found = await readStack(work)
    if (found === undefined) return observeNone(work)
    if (!isOurStack(found, work.tenant.tenantId)) return foreign(`a stack ${found.stackName}`)
    if (FAILED_BIRTHS.includes(found.status)) return { kind: 'absent' }
    if (found.status === 'DELETE_IN_PROGRESS') return waitForStack(work)
    if (found.status !== 'REVIEW_IN_PROGRESS')
      return { kind: 'done', outputs: { changeSetName, stackId: found.stackId } }
    const { stackName } = found
    const changeSet = await work.call('cloudformation', (cloud) =>
      cloud.stacks.describeChangeSet({ stackName, changeSetName }),
    )
    if (changeSet === undefined) return { kind: 'absent' }
    return { kind: 'done', outputs: { changeSetName, stackId: found.stackId } }
  },
}

function observeNone({ ctx, step }: Work): Observation {
  const removedAt = Number(step.outputs?.removedAt ?? '0')
  const nextAt = removedAt + NAME_AGAIN_MILLISECONDS
  if (nextAt > ctx.clock.now()) return { kind: 'waiting', waitsFor: 'stack', whoActs: 'nobody', nextAt }
  return { kind: 'absent' }
}

async function removeFailedBirth(work: Work): Promise<Facts> {
  const stackName = stackNameOfWork(work)
  const { executionRoleArn } = await work.site()
  // Another one at each visit: a token that was used does nothing, also when what it began has failed.
  const clientRequestToken = `${tokenOf(work, 'rm')}-${work.step.visits}`
  await work.call('stack_deletion', (cloud) => cloud.stacks.delete({ stackName, clientRequestToken, executionRoleArn }))
  return { removedAt: String(work.ctx.clock.now()) }
}

export const checkStack: Step = {
  name: 'check_stack',
  sentence: 'We prepare your server.',
  vendorSentence: 'CloudFormation: the change set is read and held to the policy.',
  async observe(work) {
    const found = await readStack(work)
    return found !== undefined && found.status !== 'REVIEW_IN_PROGRESS'
      ? { kind: 'done' }
      : checkChangeSet(work, 'prepare_stack')
  },
}

export const makeStack: Step = {
  name: 'make_stack',
  sentence: 'We make your server.',
  vendorSentence: 'CloudFormation: the change set is executed.',
  async ensure(work) {
    // Each new stack makes one REST API and one deployment: their rates bind, not CloudFormation's.
    await work.call('stack_creation', async () => undefined)
    return executeChangeSet(work)
  },
  async observe(work) {
    const found = await readStack(work)
    return found !== undefined && found.status !== 'REVIEW_IN_PROGRESS'
      ? { kind: 'done' }
      : observeExecution(work, 'prepare_stack')
  },
}

export const watchStack: Step = {
  name: 'watch_stack',
  sentence: 'Your server is being made; this takes some minutes.',
  vendorSentence: 'CloudFormation: waiting for the stack.',
  // One that is looked at again, because an earlier step had to be done again, has moved the tenant before.
  onDone: ({ tenant }) => (tenant.state === 'provisioning' ? 'stack_made' : undefined),
  async observe(work) {
    const found = await readStack(work)
    if (found === undefined) return { kind: 'redo', from: 'prepare_stack', because: 'there is no stack' }
    if (isBusy(found)) return waitForStack(work)
    if (FAILED_BIRTHS.includes(found.status)) return failedBirth(work, found)
    if (found.status === 'REVIEW_IN_PROGRESS')
      return { kind: 'waiting', waitsFor: 'stack', whoActs: 'nobody', nextAt: pollAt(work) }
    const { templateVersion } = work.run
    return {
      kind: 'done',
      resources: { stackId: found.stackId, ...resourcesOfOutputs(found.outputs) },
      ...(templateVersion === undefined ? {} : { tenant: { templateVersion } }),
    }
  },
}

/** A first failure may be a hiccup of any of a hundred resources; after some it is a person's. A person's retry is one more try. */
function failedBirth({ step }: Work, found: CloudStack): Observation {
  const text = found.statusReason ?? found.status
  const isTriedAgain = generationOf(step) < CREATIONS_MAX || step.visits === 1
  return isTriedAgain
    ? { kind: 'redo', from: 'prepare_stack', because: text }
    : { kind: 'stuck', code: 'stack_creation_failed', text, whoActs: 'vendor' }
}

const named: { readonly [output: string]: string } = {
  ApiUrl: 'apiUrl',
  PagesUrl: 'pagesUrl',
  BucketName: 'bucketName',
  TableName: 'tableName',
  MailTopicArn: 'mailTopicArn',
  ConfigurationSetName: 'configurationSetName',
  RegionalDomainName: 'regionalDomainName',
}

/** Outputs of the tenant stack that others need, by our names. */
export function resourcesOfOutputs(outputs: Facts): Facts {
  return Object.fromEntries(
    Object.entries(named).flatMap(([output, name]) => {
      const value = outputs[output]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
