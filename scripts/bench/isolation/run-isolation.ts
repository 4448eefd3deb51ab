import type { Guards } from '#control-plane/api/guards.ts'
import { type Attempt, attemptsOf } from './attempts.ts'
import { type BenchPlane, openBenchPlane } from './bench-plane.ts'
import { describedOperations, type Operation } from './described.ts'
import { judge } from './judge.ts'
import { PAGES } from './pages.ts'
import { makeWorld, type World } from './world.ts'

export type Hole = { readonly attempt: string; readonly why: string }
export type RemovedGuard = { readonly guard: string; readonly isCaught: boolean }

export type IsolationOptions = {
  /** Of all attempts, every nth. */
  readonly every: number
  /** Of all guards, every nth is taken out. */
  readonly guardsEvery: number
}

/** Tries everything foreign everywhere; then takes one guard out at a time and expects to find the hole. */
export async function runIsolation({ every, guardsEvery }: IsolationOptions): Promise<{
  readonly requests: number
  readonly holes: readonly Hole[]
  readonly guards: readonly RemovedGuard[]
}> {
  const plane = openBenchPlane()
  try {
    const world = await makeWorld(plane.ctx)
    const operations = [...(await describedOperations(plane)), ...PAGES]
    const holes: Hole[] = []
    let requests = 0
    let count = 0
    for (const operation of operations)
      for (const attempt of attemptsOf(world, operation)) {
        count += 1
        if (count % every !== 0) continue
        requests += 1
        const why = await judge(plane, world, attempt)
        if (why !== undefined) holes.push({ attempt: nameOf(attempt), why })
      }
    const guards: RemovedGuard[] = []
    const removals = removalsFor(operations).filter((_, at) => at % guardsEvery === 0)
    for (const removal of removals)
      guards.push({ guard: removal.guard, isCaught: await findsHole(plane, world, removal) })
    return { requests, holes, guards }
  } finally {
    await plane.close()
  }
}

function nameOf({ operation, asker, kind, place }: Attempt): string {
  return `${titleOf(operation)}: ${asker.name}, a foreign ${kind} in the ${place}`
}

function titleOf({ operationId, isPage, path }: Operation): string {
  return isPage === true ? `${operationId} on the page ${path}` : operationId
}

type Removal = { readonly guard: string; readonly removed: Partial<Guards>; readonly tried: readonly Operation[] }

/** Each guard of each operation by itself, where it guards anything. */
function removalsFor(operations: readonly Operation[]): readonly Removal[] {
  const scopes = operations
    .filter(({ expected }) => expected.isOwned)
    .map(
      (operation): Removal => ({
        guard: `the scope of ${titleOf(operation)}`,
        removed: {
          scopeOf: (principal, asked) => (asked === operation.operationId ? { kind: 'all' } : principal.scope),
        },
        tried: [operation],
      }),
    )
  const roles = operations
    .filter(({ expected }) => expected.roles.length < 4)
    .map(
      (operation): Removal => ({
        guard: `the role of ${titleOf(operation)}`,
        removed: { may: (_principal, _permission, asked) => asked === operation.operationId },
        tried: [operation],
      }),
    )
  const writes = operations.filter(({ method }) => method !== 'GET')
  return [
    ...scopes,
    ...roles,
    { guard: 'read-only impersonation', removed: { mayWrite: () => true }, tried: writes },
    { guard: 'the passkey of the vendor’s people', removed: { hasPasskey: () => true }, tried: operations },
    { guard: 'the origin of changes by cookie', removed: { isOwnOrigin: () => true }, tried: writes },
  ]
}

/** True when an attempt gets through without the guard, and the same attempt does not with it. */
async function findsHole(plane: BenchPlane, world: World, { removed, tried }: Removal): Promise<boolean> {
  for (const operation of tried)
    for (const attempt of attemptsOf(world, operation)) {
      plane.remove(removed)
      const isHole = (await judge(plane, world, attempt)) !== undefined
      plane.remove({})
      if (isHole) return (await judge(plane, world, attempt)) === undefined
    }
  return false
}
