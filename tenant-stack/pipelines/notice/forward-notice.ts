import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
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
  const title = oneLine(subject)
  return {
    subject: `From ${attendeeAddress}: ${title === '' ? 'a message' : title}`,
    title: `${attendeeAddress} wrote to you`,
    paragraphs: text.split(/\n+/),
    facts: [
      ...(title === '' ? [] : [['Subject', title] as const]),
      ...(from === attendeeAddress ? [] : [['Sent from', `${from} (not proved)`] as const]),
      ...(attachmentCount === 0
        ? []
        : [['Left out', attachmentCount === 1 ? '1 attachment' : `${attachmentCount} attachments`] as const]),
    ],
    links: [],
    footer: `Forwarded because it was written in answer to your invitation of ${attendeeAddress}. It counts as no answer. Reply, and you write to ${attendeeAddress}.`,
  }
}
