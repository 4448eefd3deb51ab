import { mayAnswer, type NoAnswerReason } from '#shared/imip/identity/may-answer.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { clip } from '#tenant-stack/core/clip.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import { type Decided, ignored, quarantined } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { isOwnAddress, normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { forwardNoticeId, forwardOperations } from '#tenant-stack/core/reply/forward.ts'
import { forwardableText, withoutSecrets } from '#tenant-stack/core/reply/forwardable-text.ts'
import type { ReplyAddress } from '#tenant-stack/core/reply-address/reply-address.ts'

const SUBJECT_CHARS_MAX = 200
const ADDRESS_CHARS_MAX = 254

/** Of these the log uses a word of its own elsewhere; an automatic mail is one whichever header says so. */
const REASONS: Partial<Record<NoAnswerReason, string>> = {
  auto_submitted: 'auto_reply',
  bulk: 'bulk_mail',
  list: 'list_mail',
  nobody_reads: 'sent_by_a_robot',
}

/**
 * A letter to the address that answers invites: a person reads it, the organizer. Nothing is guessed from it, and it counts as no answer (row 49).
 * What machines write is ignored: out-of-office, bulk and list mail, and whatever else may not be answered either (RFC 3834 §2).
 */
export async function takePlainText(
  ctx: Ctx,
  { delivery, mail, authentication }: ReadMail,
  pair: ReplyAddress,
): Promise<Decided & { readonly operations?: readonly WriteOperation[] }> {
  const answerable = mayAnswer(mail, authentication, { isOwnAddress: (address) => isOwnAddress(ctx.settings, address) })
  if (!answerable.may) {
    const { reason } = answerable
    return reason === 'virus' || reason === 'spam' ? quarantined(reason) : ignored(REASONS[reason] ?? reason)
  }
  const from = normalizeAddress(mail.from[0]?.address ?? '')
  if (from === pair.organizerAddress) return ignored('written_by_the_organizer')
  const text = forwardableText(mail)
  if (text === undefined) return ignored('empty_mail')
  const noticeId = forwardNoticeId(ctx, delivery)
  const operations = await forwardOperations(ctx, {
    noticeId,
    pair,
    forward: {
      organizerAddress: pair.organizerAddress,
      attendeeAddress: pair.attendeeAddress,
      from: clip(from, ADDRESS_CHARS_MAX),
      subject: clip(withoutSecrets(mail.subject ?? ''), SUBJECT_CHARS_MAX),
      text,
      attachmentCount: mail.attachments.length,
    },
  })
  if (operations === undefined) return ignored('too_many_plain_texts')
  return {
    outcome: { kind: 'acted', reason: 'plain_text_forwarded', answer: 'nothing', eventIds: [] },
    notices: [{ topicName: 'notice-due', body: JSON.stringify({ noticeId }) }],
    operations,
  }
}
