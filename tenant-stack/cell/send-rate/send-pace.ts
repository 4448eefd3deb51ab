import { Failure } from '#shared/errors/failure.ts'
import type { SendPace } from '#tenant-stack/core/send-ledger/send-pace.ts'
import { bulkSlots } from './bulk-slots.ts'
import type { PaceDeps } from './pace-deps.ts'
import { singleSlot } from './single-slot.ts'

/** The rate table cannot be reached: so many tenants may be in the same case, each with this share of the rate. */
const TENANTS_AT_ONCE = 100

/**
 * Shares a rate between the tenants of a cell by slots (`slots.ts`): a write for some seconds of slots, none for each mail. Bulk takes its tenant's own
 * slots ahead, and those of others that would pass unused; single mails have slots kept for them.
 */
export function createSendPace(deps: PaceDeps): SendPace {
  const { waitUntil, log } = deps
  const bulk = bulkSlots(deps)
  const apart = floorOf(deps)
  return {
    async turn({ kind, wanted, until }) {
      try {
        const moment = kind === 'single' ? await singleSlot(deps, until) : await bulk.next(wanted, until)
        if (moment === undefined) return false
        await waitUntil(moment)
        bulk.began()
        return true
      } catch (error) {
        // Without the table nobody knows what others send: slowly, rather than not at all or too fast.
        if (!(error instanceof Failure)) throw error
        log.warn({ at: 'send_rate.table', code: error.code })
        return apart(until)
      }
    },
  }
}

function floorOf({ clock, waitUntil, perSecond }: PaceDeps): (until: number) => Promise<boolean> {
  const gapMs = (1000 * TENANTS_AT_ONCE) / perSecond
  let next = 0
  return async (until) => {
    const moment = Math.max(clock.now(), next)
    if (moment > until) return false
    next = moment + gapMs
    await waitUntil(moment)
    return true
  }
}
