import type { DoubleCtx } from './double-context.ts'
import { KINDS } from './kinds.ts'
import type { Kind } from './objects.ts'

export type Minted = Kind | 'subscription_item' | 'line_item' | 'secret' | 'token'

const OTHERS = { subscription_item: 'si', line_item: 'il', secret: 'secret', token: 'tok' } as const

/** Ids in order of making, also within a millisecond: lists are newest first by id. */
export function createMint(ctx: DoubleCtx): (what: Minted) => string {
  let [lastMs, count] = [0, 0]
  return (what) => {
    // A clock that goes back must not put the newest object last.
    const nowMs = Math.max(ctx.clock.now(), lastMs)
    count = nowMs === lastMs ? count + 1 : 0
    lastMs = nowMs
    const order = nowMs.toString(36).padStart(9, '0') + count.toString(36).padStart(4, '0')
    return `${isOther(what) ? OTHERS[what] : KINDS[what].prefix}_${order}${ctx.ids.newToken().slice(-11)}`
  }
}

function isOther(what: Minted): what is keyof typeof OTHERS {
  return what in OTHERS
}
