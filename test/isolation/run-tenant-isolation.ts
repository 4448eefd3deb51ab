import { createApi } from '#tenant-stack/api/app.ts'
import type { Guards } from '#tenant-stack/api/guards.ts'
import { ORGANIZER_SCOPES } from '#tenant-stack/core/access/principal.ts'
import { type Operation, operationsOf, TenantDocument } from '#test/harness/openapi/document.ts'
import { type Attempt, attemptsOf } from './tenant-attempts.ts'
import { CANARIES, openTenantWorld, type TenantWorld } from './tenant-world.ts'

export type TenantIsolation = {
  readonly requests: number
  readonly holes: readonly string[]
  readonly guards: readonly { readonly guard: string; readonly isCaught: boolean }[]
}

/** What names nothing in its path, and yet answers an organizer what is his. */
const OWN_COLLECTIONS: readonly string[] = ['listEvents', 'createEvent']

/** Tries everything foreign everywhere in a tenant's API; then takes one guard of one operation out at a time and expects to find the hole. */
export async function runTenantIsolation({
  every,
  guardsEvery,
}: {
  /** Of all attempts, every nth. */
  readonly every: number
  /** Of all guards, every nth is taken out. */
  readonly guardsEvery: number
}): Promise<TenantIsolation> {
  const world = await openTenantWorld()
  try {
    const described: unknown = await (await createApi(world.tenant.ctx).request('/v1/openapi.json')).json()
    const operations = operationsOf(TenantDocument.parse(described))
    const holes: string[] = []
    let requests = 0
    let count = 0
    for (const operation of operations)
      for (const attempt of attemptsOf(world, operation)) {
        count += 1
        if (count % every !== 0) continue
        requests += 1
        const why = await judge(world, attempt)
        if (why !== undefined) holes.push(`${nameOf(attempt)}: ${why}`)
      }
    const guards = []
    for (const { guard, operation, removed } of removalsFor(operations).filter((_, at) => at % guardsEvery === 0))
      guards.push({ guard, isCaught: await isCaught(world, operation, removed) })
    return { requests, holes, guards }
  } finally {
    await world.close()
  }
}

function nameOf({ operation, asker, thing, where, place }: Attempt): string {
  return `${operation.operationId}: ${asker.name}, ${thing} of ${where} in the ${place}`
}

function mayOrganizer({ operationId, path, ...operation }: Operation): boolean {
  const scopes = [operation['x-required-scope'], ...(operation['x-further-scopes'] ?? [])]
  const isNamed = /\{(?:eventId|listId|proposalId|email)\}/.test(path)
  return (
    scopes.every((scope) => ORGANIZER_SCOPES.some((one) => one === scope)) &&
    (isNamed || OWN_COLLECTIONS.includes(operationId))
  )
}

/** Why an attempt is a hole; undefined: it was refused as it must be, or told and changed nothing foreign. */
async function judge(world: TenantWorld, attempt: Attempt): Promise<string | undefined> {
  const { operation, asker, place, where } = attempt
  const isWrite = operation.method !== 'GET'
  const mustRefuse = refusalOf(attempt)
  const before = isWrite ? await world.foreignRows() : ''
  const foreign = await ask(world, attempt.foreign)
  if (
    isWrite &&
    (mustRefuse !== undefined || place === 'path' || asker.isOrganizer === true) &&
    (where === 'neighbour') !== isAll(asker)
  )
    if ((await world.foreignRows()) !== before) return 'something foreign was changed'
  if (mustRefuse !== undefined)
    return foreign.status === mustRefuse ? undefined : `answered ${foreign.status}, not ${mustRefuse}`
  // Who sees the whole domain may see the neighbour.
  if (isAll(asker) && where === 'neighbour') return undefined
  const told = CANARIES.find((canary) => foreign.text.includes(canary) && !isSaidInIt(attempt, canary))
  if (told !== undefined && (asker.isOrganizer === true || told.toLowerCase().includes('elsa')))
    return `told of ${told}`
  if (place !== 'path') return undefined
  const twin = await ask(world, attempt.twin)
  return foreign.status === twin.status && foreign.text === twin.text
    ? undefined
    : `${foreign.status} ${foreign.text} is not ${twin.status} ${twin.text}`
}

function isAll({ isOrganizer }: Attempt['asker']): boolean {
  return isOrganizer !== true
}

/** An answer may repeat what the request itself said. */
function isSaidInIt({ foreign }: Attempt, canary: string): boolean {
  const { body } = foreign.init
  return decodeURIComponent(foreign.path).includes(canary) || (typeof body === 'string' && body.includes(canary))
}

/** The status that an asker must get, whatever he names; undefined: it depends on that. */
function refusalOf({ operation, asker, thing, place }: Attempt): 401 | 403 | undefined {
  if (asker.isStranger === true) return asker.name.startsWith('a suspended') ? 403 : 401
  const scopes = [operation['x-required-scope'], ...(operation['x-further-scopes'] ?? [])]
  if (!scopes.every((scope) => asker.scopes.some((one) => one === scope))) return 403
  if (asker.isForeignPage === true && operation.method !== 'GET') return 403
  // In somebody else's name.
  const isForAnother = operation.operationId === 'createEvent' && thing === 'email' && place === 'body'
  return asker.isOrganizer === true && (isForAnother || !mayOrganizer(operation)) ? 403 : undefined
}

async function ask(world: TenantWorld, { path, init }: Attempt['foreign']) {
  const response = await world.request(path, init)
  return { status: response.status, text: (await response.text()).replaceAll(/req_[0-9a-z]+/g, 'req') }
}

type Removal = { readonly guard: string; readonly operation: Operation; readonly removed: Partial<Guards> }

/** Each guard of each operation by itself, where it guards anything. */
function removalsFor(operations: readonly Operation[]): readonly Removal[] {
  return operations.flatMap((operation): readonly Removal[] => {
    const { operationId, method, path } = operation
    const one = (what: string, removed: Partial<Guards>) => ({
      guard: `the ${what} of ${operationId}`,
      operation,
      removed,
    })
    const names = /\{(?:eventId|listId|proposalId|email)\}/.test(path)
    return [
      one('scope', { lacking: () => undefined }),
      ...(method === 'GET' ? [] : [one('origin', { isOwnOrigin: () => true })]),
      ...(mayOrganizer(operation) && names ? [one('owner', { assertOwn: async () => 'own' as const })] : []),
      ...(mayOrganizer(operation) && !names ? [one('filter', { ownOf: () => undefined })] : []),
    ]
  })
}

/** True when an attempt gets through without the guard, and the same attempt does not with it. */
async function isCaught(world: TenantWorld, operation: Operation, removed: Partial<Guards>): Promise<boolean> {
  for (const attempt of attemptsOf(world, operation)) {
    world.remove(removed)
    const isHole = (await judge(world, attempt)) !== undefined
    world.remove({})
    if (isHole) return (await judge(world, attempt)) === undefined
  }
  return false
}
