import * as z from 'zod'
import { commit } from '#control-plane/core/commit.ts'
import { planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import type { Licensee } from '#control-plane/core/licensee/licensee.ts'
import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { BillingCtx } from './billing-context.ts'
import type { Choice } from './choose-subscription.ts'
import { customerPartition } from './customer.ts'
import { endSubscription } from './end-subscription.ts'
import { payBack } from './pay-back.ts'
import type { SubscriptionTruth } from './truth.ts'

const DuplicateRow = z.object({ subscriptionId: z.string(), state: z.enum(['open', 'done']) })

type Input = {
  readonly stripeCustomerId: string
  readonly licence: Licence
  readonly licensee: Licensee
  readonly choice: Choice
  /** All of the customer. */
  readonly subscriptions: readonly SubscriptionTruth[]
  readonly rows: readonly TableItem[]
  readonly check: WriteOperation
}

/**
 * A licence bought twice: the newer subscription is cancelled, what was paid for it goes back, and a person is told. What is to be done is
 * written before it is begun, so that a death in between leaves no payment behind.
 */
export async function guardAgainstDoubles(ctx: BillingCtx, input: Input): Promise<void> {
  for (const duplicate of input.choice.duplicates) {
    const { subscriptionId } = duplicate.facts
    const row = input.rows.find(({ sk }) => sk === `duplicate#${subscriptionId}`)
    if (row === undefined) await note(ctx, input, subscriptionId)
    await undo(ctx, input, duplicate)
  }
  for (const duplicate of paidSince(input))
    await payBack(ctx, { ...input, invoices: duplicate.invoices, reason: 'bought twice' })
}

/** Doubles that are cancelled and have money all the same: a debit may arrive days later, and an invoice that is being paid cannot be voided. */
function paidSince({ choice, licence, rows, subscriptions }: Input): readonly SubscriptionTruth[] {
  return subscriptions.filter(
    (one) =>
      one.licenceId === licence.licenceId &&
      one !== choice.current &&
      !choice.duplicates.includes(one) &&
      rows.some(({ sk }) => sk === `duplicate#${one.facts.subscriptionId}`),
  )
}

async function note(ctx: BillingCtx, input: Input, subscriptionId: string): Promise<void> {
  const { licence, licensee, stripeCustomerId, check } = input
  const { licenceId, licenseeId, tenantId, domainName } = licence
  const mails = await planControlMails(ctx, [
    {
      mailKey: `double-purchase:${subscriptionId}`,
      to: ctx.licenceSettings.vendorEmail,
      parts: {
        subject: `The licence of ${domainName} was bought twice`,
        paragraphs: [
          `${licensee.name} has paid for the licence of ${domainName} twice. The newer subscription (${subscriptionId}) is cancelled and its payment is given back automatically; please see that nothing else is owed.`,
        ],
        footer: ctx.settings.vendorName,
      },
    },
  ])
  const row: z.infer<typeof DuplicateRow> = { subscriptionId, state: 'open' }
  await commit(ctx, {
    operations: [
      check,
      {
        kind: 'put',
        item: { pk: customerPartition(stripeCustomerId), sk: `duplicate#${subscriptionId}`, licenceId, ...row },
        when: { row: 'absent' },
      },
      ...mails.operations,
    ],
    audit: {
      action: 'licence.bought_twice',
      target: { kind: 'licence', id: licenceId },
      licenseeId,
      tenantId,
      reason: subscriptionId,
    },
    notices: mails.notices,
  })
}

/** Money first: while the subscription lives it is found again as a double, so a death before its cancellation only repeats this. */
async function undo(ctx: BillingCtx, input: Input, duplicate: SubscriptionTruth): Promise<void> {
  await payBack(ctx, { ...input, invoices: duplicate.invoices, reason: 'bought twice' })
  await endSubscription(ctx, duplicate)
  await ctx.table.write({
    kind: 'update',
    key: { pk: customerPartition(input.stripeCustomerId), sk: `duplicate#${duplicate.facts.subscriptionId}` },
    set: { state: 'done' },
  })
}

/** Ends subscriptions whose licence is over, so that nothing is charged for what is gone. */
export async function endLeftOver(ctx: BillingCtx, { leftOver }: Choice): Promise<void> {
  for (const subscription of leftOver) await endSubscription(ctx, subscription)
}
