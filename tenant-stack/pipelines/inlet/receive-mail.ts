import { inboundBlobKey, type MailReceived, type TopicName } from '#shared/contracts/notices.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import {
  findDelivery,
  findInboundMail,
  insertDelivery,
  insertInboundMail,
} from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { type Mailbox, mailboxOf, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'

/** Swept mail has lost its envelope: an empty path would be the null one, and forbid the one question to its sender. */
const LOST_PATH = 'unknown'

/** Pipeline 1: one ledger row per mail and mailbox, then the mailbox's own topic. */
export async function receiveMail(ctx: Ctx, notice: MailReceived): Promise<void> {
  if ((await findInboundMail(ctx, notice.mailId)) === undefined) {
    const authentication = notice.authentication ?? (await authenticateStored(ctx, notice))
    await insertInboundMail(ctx, notice, authentication)
  }
  for (const recipient of new Set(notice.recipients.map(normalizeAddress))) await route(ctx, notice, recipient)
}

async function authenticateStored(ctx: Ctx, notice: MailReceived) {
  const raw = await ctx.blobs.get(inboundBlobKey(notice.mailId))
  if (notice.origin === undefined) return { ...(await ctx.authenticate(raw, undefined)), envelopeFrom: LOST_PATH }
  return ctx.authenticate(raw, { ...notice.origin, envelopeFrom: notice.envelopeFrom })
}

async function route(ctx: Ctx, notice: MailReceived, recipient: string): Promise<void> {
  const mailbox = mailboxOf(ctx.settings, recipient)
  const isOversized = notice.sizeBytes > ctx.settings.mailBytesMax
  const next = isOversized ? decided('quarantined', 'oversized') : nextOf(mailbox)
  await insertDelivery(
    ctx,
    { mailId: notice.mailId, recipient, mailbox: mailbox.kind, receivedAt: notice.receivedAt },
    next,
  )
  const delivery = await findDelivery(ctx, notice.mailId, recipient)
  if ('topicName' in next && delivery?.state === 'routed')
    await ctx.topics.publish(next.topicName, JSON.stringify({ mailId: notice.mailId, recipient }))
}

function nextOf(mailbox: Mailbox): { readonly topicName: TopicName } | { readonly outcome: MailOutcome } {
  switch (mailbox.kind) {
    case 'create':
      return { topicName: 'mail-create' }
    case 'reply':
      return { topicName: 'mail-reply' }
    case 'postmaster':
    case 'abuse':
    case 'dmarc':
      return decided('ignored', 'kept_for_the_administrator')
    case 'lists':
    case 'reports':
    case 'unsubscribe':
      return decided('ignored', 'mailbox_not_open')
    case 'unknown':
      return decided('ignored', 'unknown_mailbox')
    case 'other_domain':
      return decided('ignored', 'other_domain')
  }
}

function decided(kind: 'ignored' | 'quarantined', reason: string): { readonly outcome: MailOutcome } {
  return { outcome: { kind, reason, answer: 'nothing', eventIds: [] } }
}
