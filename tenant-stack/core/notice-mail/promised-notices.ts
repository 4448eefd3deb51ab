import { ConfirmationNeeded, CreateFailed, EventCreated, type TopicName } from '#shared/contracts/notices.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { ledgerKey } from '../send-ledger/ledger.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'

type Promised = { readonly topicName: TopicName; readonly body: string }

/** Names the one mail that tells an organizer that his event stands. */
export function createdNoticeId(eventId: string): string {
  return `ntc_created-${eventId}`
}

/** Names the one mail that tells what was wrong with a mail, or with one event of it. */
export function failedNoticeId(ctx: Ctx, { mailId, recipient, ordinal }: CreateFailed): string {
  return `ntc_failed-${mailId}-${ctx.sha256(recipient).slice(0, 8)}-${ordinal}`
}

/** Names the one mail that asks whether a mail is its sender's. */
export function confirmNoticeId(ctx: Ctx, { mailId, recipient }: ConfirmationNeeded): string {
  return `ntc_confirm-${mailId}-${ctx.sha256(recipient).slice(0, 8)}`
}

/**
 * The puts that plan the mails to organizers which a decision promises, to be written with it: a message whose workers all died is in the dead letters, and
 * the sweep finds the mail without it. What a mail that is decided anew promises again is planned already.
 */
export async function planPromised(ctx: Ctx, promised: readonly Promised[]): Promise<readonly WriteOperation[]> {
  const operations: WriteOperation[] = []
  for (const { topicName, body } of promised) {
    const ledgerId = ledgerIdOf(ctx, topicName, body)
    if (ledgerId === undefined || (await ctx.table.get(ledgerKey(ledgerId))) !== undefined) continue
    operations.push(planLedgerOperation(ctx, ledgerId, { topicName, body }))
  }
  return operations
}

/** Undefined for what has a row of its own that the sweep finds. */
function ledgerIdOf(ctx: Ctx, topicName: TopicName, body: string): string | undefined {
  if (topicName === 'event-created') return createdNoticeId(EventCreated.parse(JSON.parse(body)).eventId)
  if (topicName === 'create-failed') return failedNoticeId(ctx, CreateFailed.parse(JSON.parse(body)))
  if (topicName === 'confirmation-needed') return confirmNoticeId(ctx, ConfirmationNeeded.parse(JSON.parse(body)))
  return undefined
}
