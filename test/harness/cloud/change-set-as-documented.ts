import {
  type CloudFormationClient,
  DescribeChangeSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
} from '@aws-sdk/client-cloudformation'
import { type Ask, type Fields, fieldsOf, listOf, serviceError, text } from './documented.ts'
import { parametersOf, standingResources } from './template-conditions.ts'

/** Forces the emulator to make something of a change that it sees none in; nobody outside sees the tag. */
export const FORCING_TAG = 'emulator:parameters'

const NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."

/** Real changes of change sets by their ids, worked out when they are made; and whether the stack's tags change with them. */
export type ChangeSetMemory = {
  readonly changes: Map<string, readonly Fields[]>
  readonly retags: Map<string, boolean>
}

/**
 * CreateChangeSet as documented: a parameter that the template does not have is refused (the emulator takes it), a stack in
 * ROLLBACK_COMPLETE takes none, and what conditions add or remove is a change (it looks at no conditions and finds nothing to do).
 */
export async function createChangeSet(
  client: CloudFormationClient,
  { changes, retags }: ChangeSetMemory,
  input: Fields,
  next: Ask,
): Promise<Fields> {
  const StackName = text(input.StackName)
  const [stack] = await stackOf(client, StackName)
  if (stack?.StackStatus === 'ROLLBACK_COMPLETE')
    throw serviceError('ValidationError', `Stack:${StackName} is in ROLLBACK_COMPLETE state and can not be updated.`)
  await assertParameters(client, input)
  if (input.ChangeSetType !== 'UPDATE') return next()
  const tags = listOf(input.Tags)
  const forcing = {
    Key: FORCING_TAG,
    Value: JSON.stringify(input.Parameters)
      .replaceAll(/[^\w:/=+@.-]/g, '_')
      .slice(0, 250),
  }
  const made = await next({ Tags: [...tags, forcing] })
  retags.set(text(made.Id), JSON.stringify(sorted(tags)) !== JSON.stringify(sorted(listOf(stack?.Tags))))
  changes.delete(text(made.Id))
  await client.send(new DescribeChangeSetCommand({ StackName, ChangeSetName: text(input.ChangeSetName) }))
  return made
}

/** DescribeChangeSet with the changes that really would be made. */
export async function describeChangeSet(
  client: CloudFormationClient,
  memory: ChangeSetMemory,
  next: Ask,
): Promise<Fields> {
  const answer = await next()
  const changeSetId = text(answer.ChangeSetId)
  const known = memory.changes.get(changeSetId) ?? (await realChanges(client, memory, answer))
  memory.changes.set(changeSetId, known)
  if (known.length > 0) return { Changes: known }
  return { Changes: [], Status: 'FAILED', StatusReason: NOTHING, ExecutionStatus: 'UNAVAILABLE' }
}

async function realChanges(
  client: CloudFormationClient,
  { retags }: ChangeSetMemory,
  answer: Fields,
): Promise<readonly Fields[]> {
  const [StackName, ChangeSetName] = [text(answer.StackName), text(answer.ChangeSetName)]
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName, ChangeSetName }))
  const wanted = standingResources(TemplateBody, parametersOf(answer.Parameters))
  const old = await standingNow(client, StackName)
  const isRetagged = retags.get(text(answer.ChangeSetId)) === true
  const told = new Map(
    listOf(answer.Changes).map((change) => [text(fieldsOf(change.ResourceChange).LogicalResourceId), change]),
  )
  const change = (Action: string, LogicalResourceId: string, ResourceType: string) => ({
    Type: 'Resource',
    ResourceChange: { Action, LogicalResourceId, ResourceType },
  })
  return [...new Set([...old.keys(), ...wanted.keys()])].flatMap((logicalId): readonly Fields[] => {
    const [before, after] = [old.get(logicalId), wanted.get(logicalId)]
    if (after === undefined) return [change('Remove', logicalId, before ?? '')]
    if (before === undefined) return [change('Add', logicalId, after)]
    const modified = told.get(logicalId)
    const { Scope } = fieldsOf(modified?.ResourceChange)
    const isOfTags = Array.isArray(Scope) && Scope.every((scope) => scope === 'Tags')
    return modified === undefined || (isOfTags && !isRetagged) ? [] : [modified]
  })
}

async function standingNow(client: CloudFormationClient, StackName: string): Promise<ReadonlyMap<string, string>> {
  const [stack] = await stackOf(client, StackName)
  if (stack === undefined || stack.StackStatus === 'REVIEW_IN_PROGRESS') return new Map()
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName }))
  return standingResources(TemplateBody, parametersOf(stack.Parameters))
}

async function assertParameters(client: CloudFormationClient, { TemplateURL, Parameters }: Fields): Promise<void> {
  // A template that is not there is told by the call itself.
  const summary = await client
    .send(new GetTemplateSummaryCommand({ TemplateURL: text(TemplateURL) }))
    .catch((error: unknown) => {
      // A role of ours need not have the right to ask for the summary.
      if (error instanceof Error && ['ValidationError', 'AccessDenied'].includes(error.name)) return undefined
      throw error
    })
  if (summary === undefined) return
  const known = new Set((summary.Parameters ?? []).map(({ ParameterKey }) => ParameterKey))
  const unknown = [...parametersOf(Parameters).keys()].filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw serviceError('ValidationError', `Parameters: [${unknown.join(', ')}] are not of the template`)
}

async function stackOf(client: CloudFormationClient, StackName: string) {
  const found = await client.send(new DescribeStacksCommand({ StackName })).catch((error: unknown) => {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined
    throw error
  })
  return found?.Stacks ?? []
}

function sorted(tags: readonly Fields[]): readonly string[] {
  return tags.map(({ Key, Value }) => `${text(Key)}=${text(Value)}`).toSorted((a, b) => (a < b ? -1 : 1))
}
