import type { Ctx } from '#tenant-stack/core/context.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { findSignInAsk, signInNoticeId } from '#tenant-stack/core/session/ask-sign-in.ts'
import { issueSignInLink, LINK_SECONDS } from '#tenant-stack/core/session/sign-in-link.ts'
import { sendNotice } from './send-notice.ts'

/** Mails the link to sign in by to who asked for it. */
export async function sendSignInLink(ctx: Ctx, askId: string): Promise<void> {
  const asked = await findSignInAsk(ctx, askId)
  if (asked === undefined) return
  const said = words.notices.signIn
  const noticeId = signInNoticeId(askId)
  await sendNotice(ctx, {
    ledgerId: noticeId,
    to: asked.address,
    // The link is minted once the mail is to be sent: its minutes begin then.
    make: async () => ({
      parts: {
        subject: said.subject(ctx.settings.domainName),
        title: said.title(ctx.settings.domainName),
        paragraphs: [said.how(LINK_SECONDS / 60), said.ifNot],
        facts: [],
        links: [[said.button, await issueSignInLink(ctx, asked.address)]],
        footer: said.footer(ctx.settings.domainName),
      },
    }),
    resume: { topicName: 'notice-due', body: JSON.stringify({ noticeId }) },
  })
}
