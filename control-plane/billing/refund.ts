import * as z from 'zod'
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
  state: z.enum(['planned', 'done', 'failed']),
  /** Stripe was first asked under the present key; absent: never. */
  askedAt: z.number().exactOptional(),
  /** Part of the idempotency key after an answer that failed. */
  keyNumber: z.number(),
  stripeRefundId: z.string().exactOptional(),
  failure: z.string().exactOptional(),
  createdAt: z.number(),
})
export type Refund = z.infer<typeof Refund>

/** A payment is given back whole at most once, whoever asks how often; parts of it have rows of their own. */
export function refundKey(
  refund: Pick<Refund, 'stripeCustomerId' | 'paymentIntentId' | 'refundId' | 'isWhole'>,
): TableKey {
  const name = refund.isWhole ? refund.paymentIntentId : `${refund.paymentIntentId}#${refund.refundId}`
  return { pk: customerPartition(refund.stripeCustomerId), sk: `refund#${name}` }
}
