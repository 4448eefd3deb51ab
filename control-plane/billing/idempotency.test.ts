import Stripe from 'stripe'
import { expect, it } from 'vitest'
import { isProvenFailure } from './idempotency.ts'

const answered = (statusCode: number) =>
  new Stripe.errors.StripeAPIError({ type: 'api_error', message: '', statusCode })

it('takes a fault of Stripe for the answer that its key replays, and a call that is under way under the same key for none', () => {
  expect(isProvenFailure(answered(500))).toBe(true)
  expect(isProvenFailure(answered(409))).toBe(false)
})
