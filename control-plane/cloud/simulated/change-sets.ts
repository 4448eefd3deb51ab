import * as z from 'zod'
import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import type { ChangeSet, ChangeSetInput, Stacks } from '../stacks.ts'
import { openShelf } from './shelf.ts'
import { digest, hasPassed, type Simulation } from './simulation.ts'
import { drive, settled } from './stack-operations.ts'
import { moved, openStackShelf, type SimulatedStack, stackKey } from './stack-shelf.ts'
import { changesBetween, resolveParameters, TemplateFacts } from './template-facts.ts'

const Words = z.record(z.string(), z.string())
const SimulatedChangeSet = z.object({
  changeSetId: z.string(),
  changeSetName: z.string(),
  stackId: z.string(),
  type: z.enum(['CREATE', 'UPDATE']),
  template: TemplateFacts,
  parameters: Words,
  tags: Words,
  createdAt: z.number(),
  changes: z.array(
    z.object({
      logicalId: z.string(),
      resourceType: z.string(),
      action: z.enum(['Add', 'Modify', 'Remove', 'Import', 'Dynamic', 'SyncWithActual']),
      replacement: z.enum(['True', 'False', 'Conditional']).exactOptional(),
    }),
  ),
  clientRequestToken: z.string().exactOptional(),
})
type SimulatedChangeSet = z.infer<typeof SimulatedChangeSet>

/** CloudFormation: names of stacks and change sets, and length of tokens. */
const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/
const TOKEN = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/
const NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."

export function simulateChangeSets(
  simulation: Simulation,
  place: CloudPlace,
): Pick<Stacks, 'createChangeSet' | 'describeChangeSet' | 'executeChangeSet' | 'deleteChangeSet'> {
  const { clock, ids, seconds, limits } = simulation
  const shelf = openShelf(simulation.table, 'change-sets', SimulatedChangeSet)
  const stacks = openStackShelf(simulation)
  const key = (stackName: string, changeSetName: string) => `${stackKey(place, stackName)}/${changeSetName}`

  async function stackNow(stackName: string): Promise<SimulatedStack | undefined> {
    const found = await stacks.get(stackKey(place, stackName))
    const now = found && (await settled(simulation, found))
    return now?.status === 'DELETE_COMPLETE' ? undefined : now
  }

  /** The stack that it is for, made as an empty one when there is none. */
  async function stackFor({ stackName, type }: ChangeSetInput): Promise<SimulatedStack> {
    const found = await stackNow(stackName)
    if (found !== undefined) {
      assertFits(found, type)
      return found
    }
    if (type === 'UPDATE') throw CloudFailure.gone(`CreateChangeSet: Stack [${stackName}] does not exist`)
    const all = await stacks.all(stackKey(place, ''))
    if (all.length >= limits.stacks) throw CloudFailure.quota('CreateChangeSet: LimitExceededException')
    const { awsAccountId, region } = place
    const empty: SimulatedStack = {
      stackName,
      stackId: `arn:aws:cloudformation:${region}:${awsAccountId}:stack/${stackName}/${digest(ids.newToken()).slice(0, 32)}`,
      place: { awsAccountId, region },
      status: 'REVIEW_IN_PROGRESS',
      createdAt: clock.now(),
      parameters: {},
      outputs: {},
      // Those of the change set come with its execution.
      tags: {},
      events: [],
    }
    await stacks.insert(stackKey(place, stackName), moved(simulation, empty, 'REVIEW_IN_PROGRESS'))
    return (await stacks.get(stackKey(place, stackName))) ?? empty
  }

  return {
    async createChangeSet(input) {
      const { stackName, changeSetName, type, templateUrl, parameters: given, tags, clientToken } = input
      assertNames(stackName, changeSetName, clientToken)
      const template = await simulation.templates.read(templateUrl)
      if (template === undefined)
        throw CloudFailure.invalid('CreateChangeSet: S3 error: The specified key does not exist.')
      const parameters = resolveParameters(template, given)
      const known = await shelf.get(key(stackName, changeSetName))
      if (known !== undefined) throw CloudFailure.exists('CreateChangeSet: AlreadyExistsException')
      const target = await stackFor(input)
      const before =
        target.template === undefined
          ? undefined
          : { template: target.template, parameters: target.parameters, tags: target.tags }
      const changeSetId = `arn:aws:cloudformation:${place.region}:${place.awsAccountId}:changeSet/${changeSetName}/${digest(ids.newToken()).slice(0, 32)}`
      const isMade = await shelf.insert(key(stackName, changeSetName), {
        changeSetId,
        changeSetName,
        stackId: target.stackId,
        type,
        template,
        parameters,
        tags,
        createdAt: clock.now(),
        changes: [...changesBetween(before, { template, parameters, tags })],
      })
      if (!isMade) throw CloudFailure.exists('CreateChangeSet: AlreadyExistsException')
      return { changeSetId, stackId: target.stackId }
    },
    async describeChangeSet({ stackName, changeSetName }) {
      const found = await shelf.get(key(stackName, changeSetName))
      const target = await stackNow(stackName)
      // It goes with its stack.
      if (found === undefined || target?.stackId !== found.stackId) return undefined
      return toldOf(found, target, hasPassed(simulation, found.createdAt, seconds.changeSet))
    },
    async executeChangeSet({ stackName, changeSetName, clientRequestToken }) {
      const target = await stackNow(stackName)
      const found = await shelf.get(key(stackName, changeSetName))
      if (target === undefined || found?.stackId !== target.stackId)
        throw CloudFailure.gone('ExecuteChangeSet: ChangeSetNotFoundException')
      if (target.changeSetId === found.changeSetId && found.clientRequestToken === clientRequestToken)
        return drive(simulation, target)
      const told = toldOf(found, target, hasPassed(simulation, found.createdAt, seconds.changeSet))
      if (told.executionStatus !== 'AVAILABLE') throw CloudFailure.conflict('ExecuteChangeSet: InvalidChangeSetStatus')
      await shelf.change(key(stackName, changeSetName), (before) => ({ ...before, clientRequestToken }))
      const started = await stacks.change(stackKey(place, stackName), (before) => {
        const isMine = before.operation?.clientRequestToken === clientRequestToken
        if (isMine && before.changeSetId === found.changeSetId) return before
        if (before.operation !== undefined || before.stackId !== target.stackId)
          throw CloudFailure.conflict('ExecuteChangeSet: OperationInProgressException')
        return begun(simulation, before, found, clientRequestToken)
      })
      if (started !== undefined) await drive(simulation, started)
      for (const other of await shelf.all(`${stackKey(place, stackName)}/`))
        if (other.changeSetId !== found.changeSetId) await shelf.remove(key(stackName, other.changeSetName))
    },
    async deleteChangeSet({ stackName, changeSetName }) {
      await shelf.remove(key(stackName, changeSetName))
    },
  }
}

function assertNames(stackName: string, changeSetName: string, clientToken: string): void {
  if (NAME.test(stackName) && NAME.test(changeSetName) && TOKEN.test(clientToken)) return
  throw CloudFailure.invalid('CreateChangeSet: ValidationError: a name or token does not fit its pattern')
}

function assertFits({ stackName, status }: SimulatedStack, type: 'CREATE' | 'UPDATE'): void {
  if (type === 'CREATE' && status === 'REVIEW_IN_PROGRESS') return
  if (status.endsWith('_IN_PROGRESS'))
    throw CloudFailure.conflict(`CreateChangeSet: ${stackName} is in ${status} state`)
  if (type === 'CREATE') throw CloudFailure.exists(`CreateChangeSet: Stack [${stackName}] already exists`)
  const isOpen = ['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'].includes(status)
  if (status === 'ROLLBACK_COMPLETE') throw CloudFailure.exists(`CreateChangeSet: ${stackName} is in ${status} state`)
  if (!isOpen) throw CloudFailure.invalid(`CreateChangeSet: ${stackName} is in ${status} state and can not be updated`)
}

function toldOf(found: SimulatedChangeSet, target: SimulatedStack, isReady: boolean): ChangeSet {
  const { changeSetId, changeSetName, changes } = found
  const told = { changeSetId, changeSetName, changes, isEmpty: false }
  if (!isReady) return { ...told, status: 'CREATE_IN_PROGRESS', executionStatus: 'UNAVAILABLE', changes: [] }
  if (changes.length === 0)
    return { ...told, status: 'FAILED', statusReason: NOTHING, executionStatus: 'UNAVAILABLE', isEmpty: true }
  const ready = { ...told, status: 'CREATE_COMPLETE' as const }
  if (target.changeSetId !== changeSetId) return { ...ready, executionStatus: 'AVAILABLE' }
  if (target.operation !== undefined) return { ...ready, executionStatus: 'EXECUTE_IN_PROGRESS' }
  const isDone = target.status === 'CREATE_COMPLETE' || target.status === 'UPDATE_COMPLETE'
  return { ...ready, executionStatus: isDone ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED' }
}

function begun(
  simulation: Simulation,
  before: SimulatedStack,
  { type, template, parameters, tags, changeSetId }: SimulatedChangeSet,
  clientRequestToken: string,
): SimulatedStack {
  const at = simulation.clock.now()
  const { template: old, parameters: oldParameters, tags: oldTags } = before
  const kind = type === 'CREATE' ? ('create' as const) : ('update' as const)
  return {
    ...moved(simulation, before, type === 'CREATE' ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS', 'User Initiated'),
    template,
    parameters,
    tags,
    changeSetId,
    lastUpdatedAt: at,
    operation: { kind, startedAt: at, clientRequestToken },
    ...(old === undefined ? {} : { before: { template: old, parameters: oldParameters, tags: oldTags } }),
  }
}
