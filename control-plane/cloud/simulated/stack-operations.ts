import type { PresentStack } from '#shared/contracts/embedded-stack.ts'
import { openCertificates } from './certificates.ts'
import { openIdentities } from './identity-shelf.ts'
import { hasPassed, placeKey, type Simulation } from './simulation.ts'
import { madeByStack, removedWithStack } from './stack-belongings.ts'
import { atRest, moved, openDeletedStacks, openStackShelf, type SimulatedStack, stackKey } from './stack-shelf.ts'
import { sameWords } from './template-facts.ts'

type Operation = NonNullable<SimulatedStack['operation']>

/** Tells the host what an operation under way wants; may be told again and again. */
export async function drive(simulation: Simulation, found: SimulatedStack): Promise<void> {
  const { stackHost, licenceKeys } = simulation
  const { operation, stackName } = found
  if (operation === undefined) return
  const wanted = operation.kind === 'update_rollback' ? found.before : found
  if (operation.kind === 'delete' || operation.kind === 'rollback' || wanted?.template === undefined)
    return stackHost.unwant(stackName)
  await stackHost.want({
    stackName,
    tenantId: wanted.parameters.TenantId ?? '',
    domainName: wanted.parameters.DomainName ?? '',
    templateVersion: wanted.template.version,
    parameters: wanted.parameters,
    licenceKeys,
  })
}

/** The stack as it stands now: an operation whose time has come and whose host is done has ended. */
export async function settled(simulation: Simulation, found: SimulatedStack): Promise<SimulatedStack> {
  const { operation } = found
  if (operation === undefined) return found
  if (!hasPassed(simulation, operation.startedAt, durationOf(simulation, operation))) return found
  const present = await simulation.stackHost.present(found.stackName)
  const step = await endOf(simulation, found, operation, present)
  if (step === undefined) {
    await drive(simulation, found)
    return found
  }
  return write(simulation, found, step)
}

function durationOf({ seconds }: Simulation, { kind }: Operation): number {
  if (kind === 'create') return seconds.stackCreate
  if (kind === 'update') return seconds.stackUpdate
  return kind === 'delete' ? seconds.stackDelete : seconds.stackRollback
}

/** What becomes of it; undefined: the host is not done yet. */
type Step = { readonly next: SimulatedStack; readonly belongings?: 'made' | 'removed' | 'discarded' }

async function endOf(
  simulation: Simulation,
  found: SimulatedStack,
  { kind }: Operation,
  present: PresentStack | undefined,
): Promise<Step | undefined> {
  if (kind === 'delete' || kind === 'rollback') return endOfClosing(simulation, found, kind, present)
  const wanted = kind === 'update_rollback' ? found.before : found
  if (present === undefined || !sameWords(present.parameters, wanted?.parameters ?? {})) return undefined
  if (kind === 'update_rollback') return endOfUpdateRollback(simulation, found, present)
  const trouble = present.status === 'failed' ? (present.reason ?? 'failed') : await missing(simulation, found)
  if (trouble !== undefined) return { next: turnedBack(simulation, found, kind, trouble) }
  if (present.status !== 'open') return undefined
  const outputs = { ...present.outputs, TemplateVersion: found.template?.version ?? '' }
  const done = moved(simulation, { ...found, outputs }, kind === 'create' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE')
  return { next: atRest(done), belongings: 'made' }
}

function endOfClosing(
  simulation: Simulation,
  found: SimulatedStack,
  kind: 'delete' | 'rollback',
  present: PresentStack | undefined,
): Step | undefined {
  if (present?.status === 'open') return undefined
  if (kind === 'rollback')
    return { next: atRest(moved(simulation, found, 'ROLLBACK_COMPLETE')), belongings: 'discarded' }
  if (present?.status === 'failed' && found.operation?.retainResources === undefined)
    return { next: atRest(moved(simulation, found, 'DELETE_FAILED', present.reason)) }
  return { next: atRest(moved(simulation, found, 'DELETE_COMPLETE')), belongings: 'removed' }
}

function endOfUpdateRollback(simulation: Simulation, found: SimulatedStack, present: PresentStack): Step | undefined {
  if (present.status === 'closed') return undefined
  if (present.status === 'failed') {
    const { operation: _, ...failed } = moved(simulation, found, 'UPDATE_ROLLBACK_FAILED', present.reason)
    return { next: failed }
  }
  const back = { ...found, ...found.before, outputs: present.outputs }
  return { next: atRest(moved(simulation, back, 'UPDATE_ROLLBACK_COMPLETE')), belongings: 'made' }
}

function turnedBack(
  simulation: Simulation,
  found: SimulatedStack,
  kind: 'create' | 'update',
  reason: string,
): SimulatedStack {
  const status = kind === 'create' ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS'
  const operation = {
    kind: kind === 'create' ? ('rollback' as const) : ('update_rollback' as const),
    startedAt: simulation.clock.now(),
    clientRequestToken: found.operation?.clientRequestToken ?? '',
  }
  return { ...moved(simulation, found, status, reason), operation }
}

/** What the template would have asked for in vain. */
async function missing(simulation: Simulation, { place, parameters }: SimulatedStack): Promise<string | undefined> {
  const own = placeKey(place)
  const { CertificateArn = '', IdentityIsReady, DomainName = '' } = parameters
  if (CertificateArn !== '') {
    const certificate = await openCertificates(simulation).get(`${own}${CertificateArn}`)
    if (certificate?.status !== 'ISSUED') return `Certificate ${CertificateArn} is not issued (Service: ApiGateway)`
  }
  const isMissing = IdentityIsReady === 'true' && !(await openIdentities(simulation).get(`${own}${DomainName}`))
  return isMissing ? `Identity <${DomainName}> does not exist (Service: SesV2)` : undefined
}

/** Belongings first: whoever sees the new status finds them. */
async function write(
  simulation: Simulation,
  found: SimulatedStack,
  { next, belongings }: Step,
): Promise<SimulatedStack> {
  const shelf = openStackShelf(simulation)
  const key = stackKey(found.place, found.stackName)
  if (belongings === 'made') await madeByStack(simulation, next)
  if (belongings === 'removed' || belongings === 'discarded') await removedWithStack(simulation, found, belongings)
  if (next.status === 'DELETE_COMPLETE') {
    await openDeletedStacks(simulation).insert(found.stackId, next)
    const now = await shelf.get(key)
    if (now?.stackId === found.stackId) await shelf.remove(key)
    return next
  }
  const written = await shelf.change(key, (before) =>
    before.stackId === found.stackId && before.events.length === found.events.length ? next : before,
  )
  if (next.operation !== undefined) await drive(simulation, next)
  return written ?? next
}
