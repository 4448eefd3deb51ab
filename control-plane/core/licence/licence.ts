import * as z from 'zod'
import { LICENCE_STATES } from '#shared/contracts/licence-file.ts'
import { defineFailures } from '#shared/errors/failure.ts'

/** How a licence is paid: by card at checkout, by invoice, or not at all. */
export const LicenceBilling = z.enum(['checkout', 'invoice', 'complimentary'])

/** The money facts that were last fetched of Stripe. No card data but what is shown: brand, last four digits, expiry. */
export const StripeFacts = z.object({
  subscriptionId: z.string(),
  subscriptionItemId: z.string(),
  priceId: z.string(),
  /** What is asked each year, before tax. */
  unitAmountCents: z.number(),
  currency: z.string(),
  status: z.string(),
  isLivemode: z.boolean(),
  collectionMethod: z.enum(['charge_automatically', 'send_invoice']),
  cancelAtPeriodEnd: z.boolean(),
  latestInvoice: z
    .object({
      invoiceId: z.string(),
      status: z.string(),
      hostedUrl: z.string().exactOptional(),
      attempts: z.number(),
      /** Epoch milliseconds. */
      nextAttemptAt: z.number().exactOptional(),
    })
    .exactOptional(),
  paymentMethod: z
    .object({ brand: z.string(), last4: z.string(), expMonth: z.number(), expYear: z.number() })
    .exactOptional(),
  taxStatus: z.string().exactOptional(),
  fetchedAt: z.number(),
})
export type StripeFacts = z.infer<typeof StripeFacts>

/** The yearly right to one mail domain. Times are epoch milliseconds. */
export const Licence = z.object({
  licenceId: z.string(),
  licenseeId: z.string(),
  /** One tenant for each licence, one domain for each tenant. */
  tenantId: z.string(),
  domainName: z.string(),
  state: z.enum(LICENCE_STATES),
  billing: LicenceBilling,
  entitlements: z.record(z.string(), z.boolean()),
  limits: z.record(z.string(), z.number()),
  /** The paid period; absent until the first payment. */
  periodStart: z.number().exactOptional(),
  periodEnd: z.number().exactOptional(),
  /** Moves forward only, except by refund or dispute. */
  paidThrough: z.number().exactOptional(),
  /** Ends at the period's end and is not renewed. */
  isCancelScheduled: z.boolean(),
  /** A trusted licensee's open invoice is believed until its due date. */
  creditThrough: z.number().exactOptional(),
  graceUntil: z.number().exactOptional(),
  /** Also of a refund: what is kept of the tenant is kept from here. */
  suspendedAt: z.number().exactOptional(),
  /** Kept on every licence, however it is paid. */
  isAbuseHeld: z.boolean(),
  /** The one open Checkout Session, and how many were made: part of its idempotency key. */
  checkout: z.object({ sessionId: z.string(), url: z.string(), expiresAt: z.number() }).exactOptional(),
  checkoutCount: z.number(),
  /** Nobody has paid, and its licensee was told: from then on its domain name is free. */
  lapsesAt: z.number().exactOptional(),
  /** The chargeback that froze the licence. */
  dispute: z.object({ disputeId: z.string(), status: z.string(), reason: z.string() }).exactOptional(),
  stripe: StripeFacts.exactOptional(),
  createdAt: z.number(),
  version: z.number(),
})
export type Licence = z.infer<typeof Licence>

export const LicenceFailure = defineFailures('licence', {
  not_found: { status: 404, retry: false },
  /** The act is not one of this state. */
  wrong_state: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
  domain_already_licensed: { status: 409, retry: false },
  /** The engine has not signed its file yet. */
  file_not_signed: { status: 409, retry: true },
})
