import type { TopicName } from '#shared/contracts/notices.ts'
import { composeNotice, type Notice as NoticeMail } from '#shared/imip/compose/compose-notice.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { brandOf } from '#tenant-stack/core/mail-template/read-brand.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { type NoticeParts, noticeText } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { claimLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { deliver } from '#tenant-stack/core/send-ledger/deliver.ts'
import { finishAttempt } from '#tenant-stack/core/send-ledger/finish-attempt.ts'
import type { LedgerEntry } from '#tenant-stack/core/send-ledger/ledger.ts'
import { planLedger } from '#tenant-stack/core/send-ledger/plan-ledger.ts'

export type NoticeBody = {
  readonly parts: NoticeParts
  readonly attachments?: NoticeMail['attachments']
}

/** What it says; `make` is for what takes long, and is called once the right to send it is held until then (epoch milliseconds). */
type Body =
  | { readonly parts: NoticeParts; readonly make?: undefined }
  | { readonly make: (leaseUntil: number) => Promise<NoticeBody>; readonly parts?: undefined }

export type Notice = Body & {
  /** Names the notice for ever: the same id is sent once. */
  readonly ledgerId: string
  /** The mailbox that it is from, where answers go; `create` unless told otherwise. */
  readonly from?: 'create' | 'reports'
  readonly to: string
  readonly inReplyTo?: string | undefined
  readonly calendar?: { readonly method: 'REPLY'; readonly body: string } | undefined
  /** Further header fields by name. */
  readonly headers?: Readonly<Record<string, string>>
  /** Written with the certainty that it was sent. */
  readonly onSent?: (entry: LedgerEntry) => readonly WriteOperation[]
  readonly resume: { readonly topicName: TopicName; readonly body: string }
}

/** Sends one notice to an organizer through the send ledger: at most once for certain, with the null reverse-path. */
export async function sendNotice(ctx: Ctx, notice: Notice): Promise<'sent' | 'later' | 'wait' | 'finished'> {
  await planLedger(ctx, notice.ledgerId, notice.resume)
  const claimed = await claimLedger(ctx, notice.ledgerId, [])
  if (claimed.kind !== 'claimed') return claimed.kind === 'refused' ? 'wait' : claimed.kind
  const { parts, attachments = [] }: NoticeBody =
    notice.make === undefined ? { parts: notice.parts } : await notice.make(claimed.claim.leaseUntil)
  const brand = await brandOf(ctx)
  const text = noticeText(brand, parts)
  const compose = (sendId: string) =>
    composeNotice({
      from: {
        address: mailboxAddress(ctx.settings, notice.from ?? 'create'),
        name: brand.productName === '' ? ctx.settings.domainName : brand.productName,
      },
      to: { address: notice.to },
      ...text,
      ...(attachments.length === 0 ? {} : { attachments }),
      ...(notice.inReplyTo === undefined ? {} : { inReplyTo: notice.inReplyTo }),
      ...(notice.calendar === undefined ? {} : { calendar: notice.calendar }),
      ...(notice.headers === undefined ? {} : { headers: notice.headers }),
      autoSubmitted: 'auto-replied',
      messageId: `${sendId}@${ctx.settings.domainName}`,
      date: ctx.clock.now(),
    })
  const delivered = await deliver(
    ctx,
    claimed.claim,
    // RFC 3834 §3.3: an automatic answer leaves with the null reverse-path, so that no bounce of it comes back.
    [{ index: 0, envelopeTo: notice.to, envelopeFrom: null, compose }],
    (entry) => (entry.state === 'ACCEPTED' ? (notice.onSent?.(entry) ?? []) : []),
  )
  return finishAttempt(ctx, claimed.claim, delivered)
}
