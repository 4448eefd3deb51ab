import type { Ctx } from '../context.ts'
import { findReplyAddress } from '../reply-address/reply-address.ts'
import { mailboxOf } from './mailbox.ts'

/** What the SMTP door answers to RCPT TO: taken, 550 for a mailbox that is not there, 550 for no relaying. */
export async function acceptsRecipient(
  ctx: Ctx,
  recipient: string,
): Promise<'accepted' | 'unknown_mailbox' | 'other_domain'> {
  const mailbox = mailboxOf(ctx.settings, recipient)
  if (mailbox.kind === 'other_domain') return 'other_domain'
  if (mailbox.kind === 'unknown') return 'unknown_mailbox'
  if (mailbox.kind !== 'reply') return 'accepted'
  return (await findReplyAddress(ctx, mailbox.token)) === undefined ? 'unknown_mailbox' : 'accepted'
}
