import type Stripe from 'stripe'
import { assertServable } from '#control-plane/core/licence/assert-servable.ts'
import { isLiveStatus } from '#control-plane/core/licence/calendar.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { mayHappen, moveLicence } from '#control-plane/core/licence/move-licence.ts'
import { type BillingCtx, BillingFailure } from './billing-context.ts'
import { ensureCustomer } from './customer.ts'
import { ensurePrice } from './ensure-price.ts'
import { expireOpenSession } from './expire-session.ts'
import { withKey } from './idempotency.ts'
import { factsOf } from './read-stripe.ts'
import { syncCustomer } from './sync-customer.ts'
import { assertAddress, hasTaxRegistration } from './tax-registration.ts'

const DAYS_UNTIL_DUE = 30

/**
 * Sells a licence on an invoice that is due in 30 days. It works when the invoice is paid; for a trusted licensee when it is sent.
 * Throws `licence.wrong_state`, `tenant.wrong_state`, `billing.checkout_completed`.
 */
export async function invoiceLicence(
  ctx: BillingCtx,
  input: { readonly licenceId: string; readonly poNumber?: string },
): Promise<Licence> {
  const licence = await getLicence(ctx, input.licenceId)
  await assertServable(ctx, licence)
  const stripeCustomerId = await ensureCustomer(ctx, licence.licenseeId)
  if ((await expireOpenSession(ctx, licence)) === 'complete')
    throw BillingFailure.checkout_completed('The payment by card is being confirmed.')
  const found = await findSubscription(ctx, licence, stripeCustomerId)
  const subscription = found ?? (await createSubscription(ctx, { licence, stripeCustomerId, ...input }))
  await sendFirstInvoice(ctx, subscription)
  const customer = await ctx.stripe.customers.retrieve(stripeCustomerId)
  const stripe = factsOf({ subscription, customer, methods: [], latest: undefined, now: ctx.clock.now() })
  const isNoted = licence.stripe?.subscriptionId === stripe.subscriptionId
  if (!isNoted) await moveLicence(ctx, { licence, licenceEvent: { kind: 'invoice_ordered', stripe } })
  await syncCustomer(ctx, { stripeCustomerId })
  return getLicence(ctx, input.licenceId)
}

/** One whose making was not heard of. */
async function findSubscription(
  ctx: BillingCtx,
  licence: Licence,
  customer: string,
): Promise<Stripe.Subscription | undefined> {
  const all = await ctx.stripe.subscriptions
    .list({ customer, status: 'all', limit: 100 })
    .autoPagingToArray({ limit: 1000 })
  return all.find(
    ({ metadata, status, collection_method }) =>
      metadata.licenceId === licence.licenceId && isLiveStatus(status) && collection_method === 'send_invoice',
  )
}

async function createSubscription(
  ctx: BillingCtx,
  input: { readonly licence: Licence; readonly stripeCustomerId: string; readonly poNumber?: string },
): Promise<Stripe.Subscription> {
  const { licence, stripeCustomerId, poNumber } = input
  const { licenceId, licenseeId, version } = licence
  const { priceId } = await ensurePrice(ctx)
  const facts = {
    subscriptionId: '',
    subscriptionItemId: '',
    priceId,
    unitAmountCents: 0,
    currency: '',
    status: '',
    isLivemode: ctx.stripeSettings.isLivemode,
    collectionMethod: 'send_invoice',
    cancelAtPeriodEnd: false,
    fetchedAt: 0,
  } as const
  mayHappen(ctx, licence, { kind: 'invoice_ordered', stripe: facts })
  const isTaxed = await hasTaxRegistration(ctx)
  if (isTaxed) await assertAddress(ctx, stripeCustomerId)
  return withKey(ctx, `subscription:${licenceId}:${version}`, (idempotencyKey) =>
    ctx.stripe.subscriptions.create(
      {
        customer: stripeCustomerId,
        items: [{ price: priceId, quantity: 1 }],
        collection_method: 'send_invoice',
        days_until_due: DAYS_UNTIL_DUE,
        metadata: { licenceId, licenseeId },
        ...(isTaxed ? { automatic_tax: { enabled: true } } : {}),
        ...(poNumber === undefined
          ? {}
          : { invoice_settings: { custom_fields: [{ name: 'PO number', value: poNumber.slice(0, 140) }] } }),
      },
      { idempotencyKey },
    ),
  )
}

/** Stripe leaves the first invoice a draft for an hour; a buyer wants it now. */
async function sendFirstInvoice(ctx: BillingCtx, { latest_invoice }: Stripe.Subscription): Promise<void> {
  const invoiceId = typeof latest_invoice === 'string' ? latest_invoice : latest_invoice?.id
  if (invoiceId === undefined) return
  const { status } = await ctx.stripe.invoices.retrieve(invoiceId)
  if (status !== 'draft') return
  await withKey(ctx, `finalize:${invoiceId}`, (idempotencyKey) =>
    ctx.stripe.invoices.finalizeInvoice(invoiceId, { auto_advance: true }, { idempotencyKey }),
  )
}
