import { defineFailures, isFailure } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

export const RateFailure = defineFailures('rate', {
  /** `cause` is a `RetryAfter`. */
  too_many: { status: 429, retry: true },
})

/** When it may be tried again. */
export type RetryAfter = { readonly retryAfterSeconds: number }

export type RateLimit = { readonly name: string; readonly max: number; readonly windowSeconds: number }

/** Where the acts of `of` are counted in the present window; in epoch seconds when that ends. */
export function rateRow(ctx: Pick<Ctx, 'clock' | 'sha256'>, { name, windowSeconds }: RateLimit, of: string) {
  const nowSeconds = Math.floor(ctx.clock.now() / 1000)
  const window = Math.floor(nowSeconds / windowSeconds)
  const key: TableKey = { pk: `rate#${name}#${ctx.sha256(of)}`, sk: String(window) }
  return { key, endsAt: (window + 1) * windowSeconds, nowSeconds }
}

/** Counts one act of `of` in the present window; throws `rate.too_many` above the limit. Only a hash of `of` is kept. */
export async function limitRate(ctx: Ctx, limit: RateLimit, of: string): Promise<void> {
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
