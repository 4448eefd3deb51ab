import type { Context } from 'hono'
import { RateFailure, type RateLimit, type RetryAfter } from '#shared/rates/limit-rate.ts'
import type { Principal } from '#tenant-stack/core/access/principal.ts'
import type { ApiEnv } from './env.ts'

/** A fixed window: what is left of a minute is not carried into the next. */
const WINDOW_SECONDS = 60

/** Counts a request of a key, or of a person, whatever it asks for; the answer's header fields say what is left. Throws `rate.too_many`. */
export async function takeRate(c: Context<ApiEnv>, { actorId, kind }: Principal): Promise<void> {
  const { ctx, leases } = c.var
  const limit: RateLimit = { name: 'key', max: ctx.settings.apiRequestsPerMinute, windowSeconds: WINDOW_SECONDS }
  const taken = await leases.take(ctx, limit, actorId)
  c.set('taken', taken)
  if (taken.isWithin) return
  const cause: RetryAfter = { retryAfterSeconds: taken.resetSeconds }
  throw RateFailure.too_many(
    `${kind === 'key' ? 'This key' : 'You'} may make ${limit.max} requests a minute; wait a little.`,
    { cause },
  )
}
