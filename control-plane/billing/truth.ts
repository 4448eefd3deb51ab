import type { StripeFacts } from '#control-plane/core/licence/licence.ts'

/** One invoice of a subscription as Stripe has it. Times are epoch milliseconds, amounts the smallest unit of the currency. */
export type InvoiceTruth = {
  readonly invoiceId: string
  readonly status: string
  readonly periodStart: number
  /** What it pays for ends here. */
  readonly periodEnd: number
  readonly createdAt: number
  readonly paidAt?: number
  readonly dueAt?: number
  readonly amountPaidCents: number
  readonly currency: string
  readonly attempts: number
  readonly nextAttemptAt?: number
  readonly charges: readonly ChargeTruth[]
}

export type ChargeTruth = {
  readonly chargeId: string
  readonly paymentIntentId?: string
  readonly amountCents: number
  readonly refundedCents: number
  readonly dispute?: { readonly disputeId: string; readonly status: string; readonly reason: string }
}

export type SubscriptionTruth = {
  readonly licenceId?: string
  readonly createdAt: number
  readonly facts: StripeFacts
  readonly periodStart: number
  readonly periodEnd: number
  /** Told by whoever ended it: `cancellation_requested`, `payment_failed`, … */
  readonly endReason?: string
  /** Newest first. */
  readonly invoices: readonly InvoiceTruth[]
}

/** Everything of one customer that licences depend on, fetched at one time. */
export type CustomerTruth = {
  readonly subscriptions: readonly SubscriptionTruth[]
  /** By session id. */
  readonly sessions: ReadonlyMap<string, 'open' | 'complete' | 'expired'>
}

const LOST = ['lost']
const ENDED_WELL = ['won', 'warning_closed', 'prevented']

export function isDisputeOpen(status: string): boolean {
  return !LOST.includes(status) && !ENDED_WELL.includes(status)
}

export function isDisputeLost(status: string): boolean {
  return LOST.includes(status)
}

/** True when the money of a paid invoice is back with the payer, by refund or by a lost dispute. */
export function isReturned({ charges, amountPaidCents, status }: InvoiceTruth): boolean {
  if (status !== 'paid' || amountPaidCents === 0) return false
  const back = charges.reduce(
    (sum, { amountCents, refundedCents, dispute }) =>
      sum + (dispute !== undefined && isDisputeLost(dispute.status) ? amountCents : refundedCents),
    0,
  )
  return back >= amountPaidCents
}

/** The paid invoice that reaches furthest, returned or not. */
export function lastPaid({ invoices }: SubscriptionTruth): InvoiceTruth | undefined {
  return invoices
    .filter(({ status }) => status === 'paid')
    .reduce<InvoiceTruth | undefined>((best, one) => ((best?.periodEnd ?? 0) >= one.periodEnd ? best : one), undefined)
}

/** The paid invoice that reaches furthest and whose money we have. */
export function lastKept({ invoices }: SubscriptionTruth): InvoiceTruth | undefined {
  return invoices
    .filter((invoice) => invoice.status === 'paid' && !isReturned(invoice))
    .reduce<InvoiceTruth | undefined>((best, one) => ((best?.periodEnd ?? 0) >= one.periodEnd ? best : one), undefined)
}
