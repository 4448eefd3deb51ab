import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { BillingCtx } from './billing-context.ts'
import { tell } from './tell.ts'
import { isDisputeLost, isDisputeOpen, type SubscriptionTruth } from './truth.ts'

/** Tells the vendor once that a dispute was opened and once how it ended, each dispute by itself and whatever became of the licence. */
export async function tellOfDisputes(
  ctx: BillingCtx,
  input: { readonly licence: Licence; readonly subscriptions: readonly SubscriptionTruth[] },
): Promise<void> {
  const { licenceId, licenseeId, domainName } = input.licence
  const own = input.subscriptions.filter((one) => one.licenceId === licenceId)
  for (const { dispute } of own.flatMap(({ invoices }) => invoices.flatMap(({ charges }) => charges))) {
    if (dispute === undefined) continue
    const { outcome, subject, text } = wordsOf(domainName, dispute)
    await tell(ctx, {
      told: [{ mailKey: `dispute:${dispute.disputeId}:${outcome}`, subject, text }],
      target: { kind: 'licence', id: licenceId },
      licenseeId,
    })
  }
}

function wordsOf(
  name: string,
  dispute: { readonly disputeId: string; readonly status: string; readonly reason: string },
) {
  const { disputeId, status, reason } = dispute
  if (isDisputeOpen(status))
    return {
      outcome: 'opened',
      subject: `The payment for ${name} is disputed`,
      text: `The payment for the licence of ${name} was disputed at the bank (${reason}). While it works the licence is frozen. Answer with the record of its use before the bank's deadline. Dispute ${disputeId}.`,
    }
  const isLost = isDisputeLost(status)
  return {
    outcome: isLost ? 'lost' : 'closed',
    subject: `The dispute of the payment for ${name} is ${isLost ? 'lost' : 'over'}`,
    text: isLost
      ? `The bank has given the payment for the licence of ${name} back to the payer. Dispute ${disputeId}.`
      : `The payment for the licence of ${name} stays with us (${status.replaceAll('_', ' ')}). Dispute ${disputeId}.`,
  }
}
