import type { Ctx } from '../context.ts'

/** The sweep looks only so often. */
const REST_MS_MIN = 60_000

/** How long a catch-up rests, in milliseconds: nobody who read the invitation before it was planned may still be sending when it falls due. */
export function catchUpRestMs(ctx: Ctx): number {
  return Math.max(REST_MS_MIN, ctx.settings.sendLeaseSeconds * 1000)
}
