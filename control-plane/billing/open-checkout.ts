import type Stripe from 'stripe'
import { assertServable } from '#control-plane/core/licence/assert-servable.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { mayHappen, moveLicence, noteOnLicence } from '#control-plane/core/licence/move-licence.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { ensureCustomer } from './customer.ts'
import { ensurePrice } from './ensure-price.ts'
import { expireSession } from './expire-session.ts'
import { isProvenFailure, isRefusal } from './idempotency.ts'
import { hasTaxRegistration } from './tax-registration.ts'

export type OpenedCheckout = { readonly sessionId: string; readonly url: string; readonly expiresAt: number }

/** A session with less time left than this is replaced: nobody should be cut off while he types. */
const TIME_LEFT_MS = 30 * 60_000

/**
 * The page on which a licence is paid: the one that is open, or a new one after the old was expired, so that there is one at a time. Throws
 * `licence.wrong_state`, `tenant.wrong_state`, `billing.checkout_completed` (paid just now, being confirmed), `licence.changed_meanwhile`.
 */
export async function openCheckout(ctx: BillingCtx, input: { readonly licenceId: string }): Promise<OpenedCheckout> {
  const licence = await getLicence(ctx, input.licenceId)
  await assertServable(ctx, licence)
  const number = licence.checkoutCount + 1
  const placeholder = { sessionId: '', url: '', expiresAt: 0 }
  mayHappen(ctx, licence, { kind: 'checkout_opened', checkout: placeholder, number })
  const stripeCustomerId = await ensureCustomer(ctx, licence.licenseeId)
  const { priceId } = await ensurePrice(ctx)
  if (licence.checkout !== undefined) {
    const usable = await closeOld(ctx, licence.checkout, stripeCustomerId)
    if (usable !== undefined) return usable
  }
  const session = await createSession(ctx, { licence, number, stripeCustomerId, priceId })
  const checkout = openedOf(session)
  try {
    await moveLicence(ctx, { licence, licenceEvent: { kind: 'checkout_opened', checkout, number } })
    return checkout
  } catch (error) {
    if (!isFailure(error, 'licence.changed_meanwhile')) throw error
    return afterTwin(ctx, { licenceId: input.licenceId, checkout, number, error })
  }
}

/** The open session if it can still be used; otherwise it is made sure that nobody can pay on it any more. */
async function closeOld(
  ctx: BillingCtx,
  { sessionId }: NonNullable<Licence['checkout']>,
  stripeCustomerId: string,
): Promise<OpenedCheckout | undefined> {
  const session = await ctx.stripe.checkout.sessions.retrieve(sessionId)
  if (session.status === 'expired') return undefined
  if (session.status === 'open') {
    if (session.expires_at * 1000 - ctx.clock.now() > TIME_LEFT_MS) return openedOf(session)
    try {
      await expireSession(ctx, sessionId)
      return undefined
    } catch (error) {
      // Paid, or expired by itself, between the two calls.
      if (!isRefusal(error)) throw error
      const now = await ctx.stripe.checkout.sessions.retrieve(sessionId)
      if (now.status === 'expired') return undefined
    }
  }
  await ctx.queues.send('billing-sync', JSON.stringify({ stripeCustomerId }))
  throw BillingFailure.checkout_completed('The payment is being confirmed; look again in a moment.')
}

async function createSession(
  ctx: BillingCtx,
  input: {
    readonly licence: Licence
    readonly number: number
    readonly stripeCustomerId: string
    readonly priceId: string
  },
): Promise<Stripe.Checkout.Session> {
  const { licence, number, stripeCustomerId, priceId } = input
  const { licenceId, licenseeId } = licence
  const page = `${ctx.settings.publicUrl}/checkout`
  const isTaxed = await hasTaxRegistration(ctx)
  try {
    // No payment_method_types: the Dashboard decides which are offered.
    return await ctx.stripe.checkout.sessions.create(
      {
        mode: 'subscription',
        customer: stripeCustomerId,
        client_reference_id: licenceId,
        line_items: [{ price: priceId, quantity: 1 }],
        subscription_data: { metadata: { licenceId, licenseeId } },
        metadata: { licenceId },
        billing_address_collection: 'required',
        tax_id_collection: { enabled: true },
        customer_update: { address: 'auto', name: 'auto' },
        ...(isTaxed ? { automatic_tax: { enabled: true } } : {}),
        success_url: `${page}/done?licenceId=${licenceId}`,
        cancel_url: `${page}/back?licenceId=${licenceId}`,
      },
      { idempotencyKey: `checkout:${licenceId}:${number}` },
    )
  } catch (error) {
    // The key would replay the failure: the next try takes the next number.
    if (isProvenFailure(error)) await noteOnLicence(ctx, licence, { checkoutCount: number })
    throw error
  }
}

/** A twin with the same number got the same session by its key; any other change makes this session one too many. */
async function afterTwin(
  ctx: BillingCtx,
  input: {
    readonly licenceId: string
    readonly checkout: OpenedCheckout
    readonly number: number
    readonly error: unknown
  },
): Promise<OpenedCheckout> {
  const { licenceId, checkout, number, error } = input
  const now = await getLicence(ctx, licenceId)
  if (now.checkout?.sessionId === checkout.sessionId) return checkout
  // Its key would answer with the page that is closed below; nobody knows this one yet, should we die in between.
  if (now.checkoutCount < number) await noteOnLicence(ctx, now, { checkoutCount: number })
  await expireSession(ctx, checkout.sessionId).catch((failed: unknown) => {
    if (!isRefusal(failed)) throw failed
  })
  throw error
}

function openedOf({ id, url, expires_at }: Stripe.Checkout.Session): OpenedCheckout {
  if (url === null) throw new Error(`the Checkout Session ${id} has no page`)
  return { sessionId: id, url, expiresAt: expires_at * 1000 }
}
