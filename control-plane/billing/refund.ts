import * as z from 'zod'
import { sortableTime } from '#control-plane/core/sortable-time.ts'
import type { TableKey } from '#shared/platform/table.ts'
import { customerPartition } from './customer.ts'

/** Money to be given back. The row, with its id, is there before Stripe is asked. Times are epoch milliseconds. */
export const Refund = z.object({
  refundId: z.string(),
  licenceId: z.string(),
  licenseeId: z.string(),
  stripeCustomerId: z.string(),
  paymentIntentId: z.string(),
  amountCents: z.number(),
  currency: z.string(),
  /** All that was left of the payment. */
  isWhole: z.boolean(),
  reason: z.string(),
  /** `settled`: it came to nothing, and a person has dealt with it, or another refund has taken its place. */
  state: z.enum(['planned', 'done', 'failed', 'settled']),
  /** Stripe was first asked under the present key; absent: never. */
  askedAt: z.number().exactOptional(),
  /** Part of the idempotency key after an answer that failed. */
  keyNumber: z.number(),
  stripeRefundId: z.string().exactOptional(),
  failure: z.string().exactOptional(),
  createdAt: z.number(),
})
export type Refund = z.infer<typeof Refund>

const OPEN = 'refunds#open'

/** Refunds that are not over lie in one index partition, for the vendor. */
export function openMark({ state, createdAt, refundId }: Pick<Refund, 'state' | 'createdAt' | 'refundId'>) {
  return state === 'planned' || state === 'failed'
    ? { gsi2pk: OPEN, gsi2sk: `${sortableTime(createdAt)}#${refundId}` }
    : {}
}

export const openPartition = OPEN
export const notOpenRemoves = ['gsi2pk', 'gsi2sk'] as const

/** A payment is given back whole at most once, whoever asks how often; parts of it have rows of their own. */
export function refundKey(
  refund: Pick<Refund, 'stripeCustomerId' | 'paymentIntentId' | 'refundId' | 'isWhole'>,
): TableKey {
  const name = refund.isWhole ? refund.paymentIntentId : `${refund.paymentIntentId}#${refund.refundId}`
  return { pk: customerPartition(refund.stripeCustomerId), sk: `refund#${name}` }
}
