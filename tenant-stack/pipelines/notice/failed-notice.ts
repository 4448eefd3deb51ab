import type { ConfirmationNeeded, CreateFailed } from '#shared/contracts/notices.ts'
import { oneLine } from '#shared/imip/compose/header-text.ts'
import { confirmWords } from '#tenant-stack/core/confirmation/confirm-words.ts'
import { issueConfirmation } from '#tenant-stack/core/confirmation/issue-confirmation.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { mailboxAddress, mailboxOf } from '#tenant-stack/core/mailbox/mailbox.ts'
import { failureWords } from '#tenant-stack/core/notice-mail/failure-words.ts'
import { confirmNoticeId, failedNoticeId } from '#tenant-stack/core/notice-mail/promised-notices.ts'
import { sendNotice } from './send-notice.ts'

/** Pipeline 3: the organizer learns in plain words what was wrong and what to do. */
export async function sendFailedNotice(ctx: Ctx, notice: CreateFailed): Promise<void> {
  const delivery = await findDelivery(ctx, notice.mailId, notice.recipient)
  const title = delivery?.subject ?? ''
  const { mailbox, one, nothing } = wordsOf(ctx, notice)
  await sendNotice(ctx, {
    ledgerId: failedNoticeId(ctx, notice),
    to: notice.to,
    inReplyTo: delivery?.messageId,
    parts: {
      subject: title === '' ? words.failed.title(one) : words.failed.subject(title),
      title: words.failed.title(one),
      paragraphs: [failureWords(notice.reason), nothing],
      facts: [
        ...(title === '' ? [] : [[words.failed.yourMail, title] as const]),
        ...(notice.fileName === undefined ? [] : [[words.facts.file, oneLine(notice.fileName)] as const]),
        [words.facts.reason, notice.reason],
        [words.failed.reference, notice.mailId],
      ],
      links: [],
      footer: words.failed.footer(mailbox),
    },
    resume: { topicName: 'create-failed', body: JSON.stringify(notice) },
  })
}

/** What a mail was to be, by the mailbox that it reached. */
function wordsOf({ settings }: Ctx, { recipient }: { readonly recipient: string }) {
  const isList = mailboxOf(settings, recipient).kind === 'lists'
  return isList
    ? { mailbox: mailboxAddress(settings, 'lists'), ...words.failed.list }
    : { mailbox: mailboxAddress(settings, 'create'), ...words.failed.invitation }
}

/** The sender could not be authenticated: one link, and no effect until the owner of the address follows it. */
export async function sendConfirmationLink(ctx: Ctx, notice: ConfirmationNeeded): Promise<void> {
  const delivery = await findDelivery(ctx, notice.mailId, notice.recipient)
  const mailbox = mailboxOf(ctx.settings, notice.recipient).kind
  const said = words.notices.confirm
  const { subject, what, effect, nothing } = confirmWords(mailbox)
  const reached = mailboxAddress(ctx.settings, mailbox === 'reports' || mailbox === 'lists' ? mailbox : 'create')
  const url = await issueConfirmation(ctx, { mailId: notice.mailId, recipient: notice.recipient, address: notice.to })
  await sendNotice(ctx, {
    ledgerId: confirmNoticeId(ctx, notice),
    to: notice.to,
    inReplyTo: delivery?.messageId,
    parts: {
      subject,
      title: said.title,
      paragraphs: [said.reached(what, reached), said.how(effect), said.ifNot(nothing)],
      facts: [],
      links: [[said.button, url]],
      footer: said.footer(reached),
    },
    resume: { topicName: 'confirmation-needed', body: JSON.stringify(notice) },
  })
}
