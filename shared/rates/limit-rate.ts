import * as z from 'zod'
import { defineFailures, type Failure, isFailure } from '#shared/errors/failure.ts'
import type { Clock } from '#shared/platform/small-ports.ts'
import type { Table, TableKey } from '#shared/platform/table.ts'

/** What counting needs of a context, of either plane. */
export type RateCtx = {
  readonly table: Table
  readonly clock: Clock
  /** SHA-256, lower-case hex. */
  readonly sha256: (text: string) => string
}

export const RateFailure = defineFailures('rate', {
  /** `cause` is a `RetryAfter`. */
  too_many: { status: 429, retry: true },
})

const RetryAfter = z.object({ retryAfterSeconds: z.number() })
/** When it may be tried again. */
export type RetryAfter = Readonly<z.infer<typeof RetryAfter>>

/** Whole seconds after which a failure may be tried again, for `Retry-After` (RFC 9110 §10.2.3); undefined: trying again is no use. */
export function retryAfterOf({ cause, retry, status }: Failure): number | undefined {
  const { data } = RetryAfter.safeParse(cause)
  return data?.retryAfterSeconds ?? (retry || status === 429 ? 1 : undefined)
}

export type RateLimit = { readonly name: string; readonly max: number; readonly windowSeconds: number }

/** Where the acts of `of` are counted in the present window; in epoch seconds when that ends. */
export function rateRow(ctx: Pick<RateCtx, 'clock' | 'sha256'>, { name, windowSeconds }: RateLimit, of: string) {
  const nowSeconds = Math.floor(ctx.clock.now() / 1000)
  const window = Math.floor(nowSeconds / windowSeconds)
  const key: TableKey = { pk: `rate#${name}#${ctx.sha256(of)}`, sk: String(window) }
  return { key, endsAt: (window + 1) * windowSeconds, nowSeconds }
}

/** Counts one act of `of` in the present window; throws `rate.too_many` above the limit. Only a hash of `of` is kept. */
export async function limitRate(ctx: RateCtx, limit: RateLimit, of: string): Promise<void> {
  const { key, endsAt, nowSeconds } = rateRow(ctx, limit, of)
  try {
    await ctx.table.write({
      kind: 'update',
      key,
      set: { expiresAt: endsAt },
      add: { count: 1 },
      when: {
        anyOf: [
          { attribute: 'count', is: 'absent' },
          { attribute: 'count', is: '<', value: limit.max },
        ],
      },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    const cause: RetryAfter = { retryAfterSeconds: Math.max(1, endsAt - nowSeconds) }
    throw RateFailure.too_many('Too many tries; wait a little.', { cause })
  }
}
