import Stripe from 'stripe'
import * as z from 'zod'
import type { BillingCtx } from './billing-context.ts'

const Row = z.object({ number: z.number() })

/**
 * Makes a POST under a business key. Stripe replays the first answer of a key, a failure included, for as long as it remembers it, so
 * the key gets another number after an answer that failed; after silence it stays the same, and what was done is not done again.
 */
export async function withKey<T>(ctx: BillingCtx, name: string, post: (key: string) => Promise<T>): Promise<T> {
  const key = { pk: `stripe-key#${name}`, sk: 'key' }
  const row = await ctx.table.get(key)
  const number = row === undefined ? 0 : Row.parse(row).number
  try {
    return await post(number === 0 ? name : `${name}:${number}`)
  } catch (error) {
    if (isProvenFailure(error)) {
      const when =
        row === undefined ? ({ row: 'absent' } as const) : ({ attribute: 'number', is: '=', value: number } as const)
      // A twin that saw the same answer may have counted already.
      await ctx.table.write({ kind: 'update', key, set: { number: number + 1 }, when }).catch((failed: unknown) => {
        ctx.log.warn({ at: 'stripe-key.not_counted', name: failed instanceof Error ? failed.name : 'unknown' })
      })
    }
    throw error
  }
}

/** True when Stripe executed the call and answered with a failure, which it would replay; a lock or a throttle executed nothing. */
export function isProvenFailure(error: unknown): boolean {
  // 409: a call under the same key is still under way (Stripe, "Error codes": idempotency_key_in_use); what it does is done once.
  if (error instanceof Stripe.errors.StripeAPIError && error.statusCode === 409) return false
  return (
    error instanceof Stripe.errors.StripeAPIError ||
    error instanceof Stripe.errors.StripeInvalidRequestError ||
    error instanceof Stripe.errors.StripeCardError
  )
}

/** True for a refusal of the call itself, such as an object that is gone or already in the state that was asked for. */
export function isRefusal(error: unknown): error is Stripe.errors.StripeInvalidRequestError {
  return error instanceof Stripe.errors.StripeInvalidRequestError
}
