import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { type RateCtx, type RateLimit, rateRow } from './limit-rate.ts'

/** What is left of a limit, as far as this process knows. */
export type Taken = {
  readonly isWithin: boolean
  readonly limit: RateLimit
  readonly remaining: number
  readonly resetSeconds: number
}

export type RateLeases = {
  /** Takes one of what `of` may do in the present window. */
  take(ctx: RateCtx, limit: RateLimit, of: string): Promise<Taken>
}

type Row = Pick<ReturnType<typeof rateRow>, 'key' | 'endsAt'>
type Lease = { readonly left: number; readonly next: number; readonly unleased: number }

/** The largest block is this part of the limit: so much may lie unused in a process when the window ends. */
const BLOCK_PART = 20
/** Windows whose leases are remembered: the present one of each length, and one that a slow request still asks for. */
const WINDOWS_MAX = 4

const TRIES_MAX = 3

const Counted = z.object({ count: z.number() })
const NOTHING: Lease = { left: 0, next: 0, unleased: 0 }

/**
 * Limits across processes with few writes: each takes blocks from one counter row for each window, one at first and twice as many each time, and
 * gives them out from memory. Many processes with a request each waste nothing, a busy one writes the row some twenty-five times a window, and what was
 * refused is refused from memory until the window ends, so that a flood locks no row.
 */
export function createRateLeases(): RateLeases {
  const windows = new Map<string, Map<string, Lease>>()

  function leasesOf(window: string): Map<string, Lease> {
    const known = windows.get(window)
    if (known !== undefined) return known
    const leases = new Map<string, Lease>()
    windows.set(window, leases)
    const [oldest] = windows.keys()
    if (windows.size > WINDOWS_MAX && oldest !== undefined) windows.delete(oldest)
    return leases
  }

  return {
    async take(ctx, limit, of) {
      const { key, endsAt, nowSeconds } = rateRow(ctx, limit, of)
      const leases = leasesOf(`${limit.windowSeconds}:${key.sk}`)
      const resetSeconds = Math.max(1, endsAt - nowSeconds)
      const said = (isWithin: boolean, remaining: number): Taken => ({ isWithin, limit, remaining, resetSeconds })
      let lease = leases.get(key.pk) ?? { ...NOTHING, next: 1 }
      if (lease.left === 0 && lease.next > 0) {
        const fresh = await leaseMore(ctx, limit, { key, endsAt }, lease.next)
        // A twin may have leased meanwhile: both leases are good.
        lease = { ...fresh, left: fresh.left + (leases.get(key.pk)?.left ?? 0) }
      }
      const isWithin = lease.left > 0
      leases.set(key.pk, isWithin ? { ...lease, left: lease.left - 1 } : lease)
      return said(isWithin, Math.max(0, lease.left - 1) + lease.unleased)
    },
  }
}

/** A block of what is left, as large as wanted or all of it; `next` 0: there is none, and nobody need ask again in this window. */
async function leaseMore(ctx: RateCtx, { max }: RateLimit, row: Row, wanted: number): Promise<Lease> {
  let block = wanted
  // Others may take it between a look and a lease; who meets that so often finds next to nothing left.
  for (let tries = 0; tries < TRIES_MAX && block > 0; tries += 1) {
    const isLeased = await lease(ctx, row, { block, max })
    const found = await ctx.table.get(row.key)
    const unleased = Math.max(0, max - (found === undefined ? 0 : Counted.parse(found).count))
    if (isLeased) return { left: block, next: Math.min(block * 2, Math.max(1, Math.floor(max / BLOCK_PART))), unleased }
    block = Math.min(block, unleased)
  }
  return NOTHING
}

async function lease(
  ctx: RateCtx,
  { key, endsAt }: Row,
  { block, max }: { readonly block: number; readonly max: number },
): Promise<boolean> {
  try {
    await ctx.table.write({
      kind: 'update',
      key,
      set: { expiresAt: endsAt },
      add: { count: block },
      when: {
        anyOf: [
          { attribute: 'count', is: 'absent' },
          { attribute: 'count', is: '<=', value: max - block },
        ],
      },
    })
    return true
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return false
    throw error
  }
}
