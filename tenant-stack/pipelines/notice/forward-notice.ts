import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import type { NoticeParts } from '#tenant-stack/core/notice-mail/notice-text.ts'
import { type Forward, findForward } from '#tenant-stack/core/reply/forward.ts'
import { sendNotice } from './send-notice.ts'

/** What an attendee wrote by hand goes to the organizer; answered, it goes to the address that he was invited at, which the organizer knows. */
export async function sendForward(ctx: Ctx, noticeId: string): Promise<void> {
  const forward = await findForward(ctx, noticeId)
  if (forward === undefined) return
  await sendNotice(ctx, {
    ledgerId: noticeId,
    to: forward.organizerAddress,
    parts: forwardText(forward),
    headers: { 'Reply-To': forward.attendeeAddress },
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId }) },
  })
}

function forwardText({ attendeeAddress, from, subject, text, attachmentCount }: Forward): NoticeParts {
  const said = words.notices.forward
  const title = oneLine(subject)
  return {
    subject: said.subject(attendeeAddress, title === '' ? said.noSubject : title),
    title: said.title(attendeeAddress),
    paragraphs: text.split(/\n+/),
    facts: [
      ...(title === '' ? [] : [[said.theSubject, title] as const]),
      ...(from === attendeeAddress ? [] : [[said.sentFrom, said.notProved(from)] as const]),
      ...(attachmentCount === 0 ? [] : [[said.leftOut, said.attachments(attachmentCount)] as const]),
    ],
    links: [],
    footer: said.footer(attendeeAddress),
  }
}
