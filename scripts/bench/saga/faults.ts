import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import type { Table } from '#shared/platform/table.ts'

/**
 * What happens at a point: the worker dies before or after it; or, of calls to the cloud, it is refused for being too fast, or it happens
 * and its answer never comes.
 */
export const FAULTS = ['crash_before', 'crash_after', 'throttled', 'ambiguous'] as const
export type FaultKind = (typeof FAULTS)[number]

export type PointKind = 'call' | 'write'

/** A worker's ports; once it is dead, everything it touches fails. */
export type Worker = { readonly table: Table; readonly cloud: Cloud; readonly isDead: () => boolean }

/** Every call to the cloud and every write to the table, counted over all workers of a run. */
export type Points = {
  /** A new worker: takes the place of a dead one, or works beside another. */
  readonly worker: () => Worker
  readonly kinds: readonly PointKind[]
  /** Whether the fault happened. */
  readonly hasStruck: () => boolean
}

function dead(): Error {
  return new Error('this worker is dead')
}

/** Workers with a fault at the point of this number (from 1), which strikes whoever comes to it; without one they only count. */
export function withFaultAt(
  ports: { readonly table: Table; readonly cloud: Cloud },
  fault?: { readonly at: number; readonly kind: FaultKind },
): Points {
  const kinds: PointKind[] = []
  let hasStruck = false

  function worker(): Worker {
    let isDead = false
    async function alive<T>(act: () => Promise<T>): Promise<T> {
      if (isDead) throw dead()
      const answer = await act()
      if (isDead) throw dead()
      return answer
    }
    async function point<T>(kind: PointKind, act: () => Promise<T>): Promise<T> {
      if (isDead) throw dead()
      kinds.push(kind)
      if (kinds.length !== fault?.at) return alive(act)
      hasStruck = true
      return strike(fault.kind, act, () => {
        isDead = true
      })
    }
    const { table } = ports
    return {
      isDead: () => isDead,
      table: {
        get: (key) => alive(() => table.get(key)),
        getMany: (keys) => alive(() => table.getMany(keys)),
        query: (query) => alive(() => table.query(query)),
        scan: (scan) => alive(() => table.scan(scan)),
        write: (operation) => point('write', () => table.write(operation)),
        transact: (operations) => point('write', () => table.transact(operations)),
        putMany: (items) => point('write', () => table.putMany(items)),
      },
      cloud: aroundCloud(ports.cloud, (_, act) => point('call', act)),
    }
  }

  return { worker, kinds, hasStruck: () => hasStruck }
}

async function strike<T>(kind: FaultKind, act: () => Promise<T>, die: () => void): Promise<T> {
  switch (kind) {
    case 'throttled':
      throw CloudFailure.throttled('injected')
    case 'ambiguous':
      await act()
      throw CloudFailure.unavailable('injected: the answer never came')
    case 'crash_before':
      die()
      throw dead()
    case 'crash_after':
      await act()
      die()
      throw dead()
  }
}
