import type { Ctx } from '#tenant-stack/core/context.ts'
import { words } from '#tenant-stack/core/mail-template/language.ts'
import { claimLedger, releaseLedger } from '#tenant-stack/core/send-ledger/claim-ledger.ts'
import { findSignInAsk, mayMailSignIn, signInNoticeId } from '#tenant-stack/core/session/ask-sign-in.ts'
import { issueSignInLink, LINK_SECONDS } from '#tenant-stack/core/session/sign-in-link.ts'
import { sendNotice } from './send-notice.ts'

/** Nobody is to be mailed: nobody looks after it any more. */
async function endUnsent(ctx: Ctx, noticeId: string): Promise<void> {
  const claimed = await claimLedger(ctx, noticeId, [])
  if (claimed.kind === 'claimed') await releaseLedger(ctx, claimed.claim, { state: 'SUPERSEDED' })
}

/** Mails the link to sign in by to who asked for it. */
export async function sendSignInLink(ctx: Ctx, askId: string): Promise<void> {
  const asked = await findSignInAsk(ctx, askId)
  if (asked === undefined) return
  const noticeId = signInNoticeId(askId)
  if (!(await mayMailSignIn(ctx, askId, asked))) return endUnsent(ctx, noticeId)
  const said = words.notices.signIn
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
