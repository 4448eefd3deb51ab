import * as z from 'zod'
import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import type { CloudStack, Stacks } from '../stacks.ts'
import { simulateChangeSets } from './change-sets.ts'
import { openShelf } from './shelf.ts'
import { digest, hasPassed, type Simulation } from './simulation.ts'
import { drive, settled } from './stack-operations.ts'
import { moved, openDeletedStacks, openStackShelf, type SimulatedStack, stackKey } from './stack-shelf.ts'
import { standing } from './template-facts.ts'

const Detection = z.object({ stackName: z.string(), startedAt: z.number() })
const EVENTS_PAGE = 50

export function simulateStacks(simulation: Simulation, place: CloudPlace): Stacks {
  const { clock, ids, seconds } = simulation
  const shelf = openStackShelf(simulation)
  const detections = openShelf(simulation.table, 'drift-detections', Detection)

  /** By name, or by id also after its end. */
  async function find(stackNameOrId: string): Promise<SimulatedStack | undefined> {
    const isId = stackNameOrId.startsWith('arn:')
    const stackName = isId ? (stackNameOrId.split('/')[1] ?? '') : stackNameOrId
    const found = await shelf.get(stackKey(place, stackName))
    const now = found && (await settled(simulation, found))
    if (now !== undefined && (isId ? now.stackId === stackNameOrId : now.status !== 'DELETE_COMPLETE')) return now
    return isId ? openDeletedStacks(simulation).get(stackNameOrId) : undefined
  }

  async function start(stackName: string, decide: (before: SimulatedStack) => SimulatedStack): Promise<void> {
    const started = await shelf.change(stackKey(place, stackName), decide)
    if (started !== undefined) await drive(simulation, started)
  }

  return {
    ...simulateChangeSets(simulation, place),
    async read(stackNameOrId) {
      const found = await find(stackNameOrId)
      return found && toldOf(found)
    },
    async events({ stackName, cursor = '0' }) {
      const found = await find(stackName)
      if (found === undefined) return undefined
      const next = Number(cursor) + EVENTS_PAGE
      const events = found.events.slice(Number(cursor), next)
      return next < found.events.length ? { events, cursor: String(next) } : { events }
    },
    async resources(stackName) {
      const found = await find(stackName)
      if (found === undefined) return undefined
      const { template, parameters, status } = found
      if (template === undefined) return []
      return [...standing({ template, parameters })].map(([logicalId, { type }]) => ({
        logicalId,
        resourceType: type,
        physicalId: `${found.stackName}-${logicalId}`,
        status,
      }))
    },
    async delete({ stackName, clientRequestToken, retainResources }) {
      const found = await find(stackName)
      if (found === undefined || found.status === 'DELETE_COMPLETE') return
      if (retainResources !== undefined && found.status !== 'DELETE_FAILED')
        throw CloudFailure.invalid('DeleteStack: ValidationError: RetainResources needs DELETE_FAILED')
      await start(found.stackName, (before) => {
        if (before.operation?.kind === 'delete') return before
        if (before.operation?.kind === 'update' || before.operation?.kind === 'update_rollback')
          throw CloudFailure.conflict('DeleteStack: ValidationError: the stack is in an update')
        const retained = retainResources === undefined ? {} : { retainResources: [...retainResources] }
        const operation = { kind: 'delete' as const, startedAt: clock.now(), clientRequestToken, ...retained }
        return { ...moved(simulation, before, 'DELETE_IN_PROGRESS', 'User Initiated'), operation }
      })
    },
    async continueUpdateRollback({ stackName, clientRequestToken }) {
      const found = await find(stackName)
      if (found === undefined) throw CloudFailure.gone('ContinueUpdateRollback: the stack does not exist')
      await start(found.stackName, (before) => {
        if (before.operation?.clientRequestToken === clientRequestToken) return before
        if (before.status !== 'UPDATE_ROLLBACK_FAILED')
          throw CloudFailure.invalid('ContinueUpdateRollback: ValidationError: wrong status')
        const operation = { kind: 'update_rollback' as const, startedAt: clock.now(), clientRequestToken }
        return { ...moved(simulation, before, 'UPDATE_ROLLBACK_IN_PROGRESS'), operation }
      })
    },
    async detectDrift(stackName) {
      const found = await find(stackName)
      if (found === undefined) throw CloudFailure.gone('DetectStackDrift: the stack does not exist')
      if (found.operation !== undefined) throw CloudFailure.conflict('DetectStackDrift: the stack is busy')
      const driftDetectionId = digest('drift', ids.newToken()).slice(0, 32)
      await detections.insert(driftDetectionId, { stackName: found.stackName, startedAt: clock.now() })
      return { driftDetectionId }
    },
    async driftOf(driftDetectionId) {
      const found = await detections.get(driftDetectionId)
      if (found === undefined) return undefined
      if (!hasPassed(simulation, found.startedAt, seconds.driftDetection))
        return { detection: 'DETECTION_IN_PROGRESS', driftedResources: 0 }
      const [stack, present] = [await find(found.stackName), await simulation.stackHost.present(found.stackName)]
      const isAsDeployed =
        present?.status === 'open' &&
        Object.entries(stack?.parameters ?? {}).every(([name, value]) => present.parameters[name] === value)
      return {
        detection: 'DETECTION_COMPLETE',
        drift: isAsDeployed ? 'IN_SYNC' : 'DRIFTED',
        driftedResources: isAsDeployed ? 0 : 1,
      }
    },
  }
}

function toldOf(found: SimulatedStack): CloudStack {
  const { stackName, stackId, status, statusReason, changeSetId, createdAt, lastUpdatedAt } = found
  const { parameters, outputs, tags } = found
  return {
    stackName,
    stackId,
    status,
    createdAt,
    parameters,
    outputs,
    tags,
    ...(statusReason === undefined ? {} : { statusReason }),
    ...(changeSetId === undefined ? {} : { changeSetId }),
    ...(lastUpdatedAt === undefined ? {} : { lastUpdatedAt }),
  }
}
