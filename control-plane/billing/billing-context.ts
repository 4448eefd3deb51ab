import type Stripe from 'stripe'
import type { LicenceCtx } from '#control-plane/core/licence/licence-context.ts'
import { defineFailures } from '#shared/errors/failure.ts'

/** How this installation talks to Stripe. */
export type StripeSettings = {
  /** Of the platform's webhook endpoint: one, or two while it is rotated; never an empty text. */
  readonly webhookSecrets: readonly string[]
  /** By which the yearly price is found, and made when there is none. */
  readonly priceLookupKey: string
  /** True when the key is a live one: rows and events of the other mode are refused. */
  readonly isLivemode: boolean
}

export type BillingCtx = LicenceCtx & { readonly stripe: Stripe; readonly stripeSettings: StripeSettings }

export const BillingFailure = defineFailures('billing', {
  bad_signature: { status: 400, retry: false },
  /** Test and live objects do not mix. */
  wrong_mode: { status: 409, retry: false },
  no_customer: { status: 409, retry: false },
  /** Tax is worked out from it, and an invoice that is sent has no page that asks for it. */
  no_address: { status: 409, retry: false },
  /** A checkout was just paid and is being confirmed. */
  checkout_completed: { status: 409, retry: false },
  no_subscription: { status: 409, retry: false },
  nothing_to_refund: { status: 409, retry: false },
  refund_period_over: { status: 409, retry: false },
  /** Such as of a payment that is disputed: ask the bank, or Stripe. */
  refund_refused: { status: 409, retry: false },
  no_refund: { status: 404, retry: false },
  /** Only what came to nothing is tried again or settled. */
  refund_not_failed: { status: 409, retry: false },
  /** Others keep changing the same customer: the notice comes again. */
  contended: { status: 503, retry: true },
})

/** Checks what a person configured; throws at start, because an empty secret would verify everybody's signature. */
export function checkedStripeSettings(settings: StripeSettings): StripeSettings {
  const { webhookSecrets, priceLookupKey } = settings
  if (webhookSecrets.length < 1 || webhookSecrets.length > 2)
    throw new Error('Stripe needs one webhook secret, or two while it is rotated')
  if (webhookSecrets.some((secret) => secret.trim() === '')) throw new Error('a webhook secret of Stripe is empty')
  if (priceLookupKey.trim() === '') throw new Error('the lookup key of the price is empty')
  return settings
}

/** What is written because Stripe was asked is written as Stripe's doing, whoever caused the question. */
export function asStripe(ctx: BillingCtx): BillingCtx {
  return { ...ctx, actor: { type: 'system', id: 'stripe' }, scope: { kind: 'all' } }
}
