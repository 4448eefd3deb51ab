import { controlMailText } from '#control-plane/core/control-mail/control-mail-text.ts'
import type { Person } from '#control-plane/core/person/person.ts'
import { Failure } from '#shared/errors/failure.ts'
import { composeNotice } from '#shared/imip/compose/compose-notice.ts'
import type { ControlCtx } from '../env.ts'

/**
 * Hands the mail with the link straight to the mailer: a planned mail would keep the token in the table. What the mailer refuses is
 * logged and not told, since only a known address gets so far; the person asks again.
 */
export async function mailLink(
  ctx: ControlCtx,
  input: { readonly person: Person; readonly token: string },
): Promise<void> {
  const { publicUrl, mailFrom, vendorName } = ctx.settings
  const { person, token } = input
  const sendId = ctx.ids.newId('cml')
  const mail = controlMailText({
    subject: `Sign in to ${vendorName}`,
    paragraphs: [
      'Somebody, hopefully you, asked to sign in with this address.',
      'Open this link within ten minutes, in the browser where you asked. It works once.',
    ],
    links: [['Sign in', `${publicUrl}/sign-in/link/${token}`]],
    footer: `If it was not you, do nothing: without this mail nobody can sign in. ${vendorName}`,
  })
  try {
    await ctx.mailer.send({
      sendId,
      envelopeFrom: mailFrom,
      envelopeTo: person.email,
      raw: composeNotice({
        from: { address: mailFrom, name: vendorName },
        to: { address: person.email },
        ...mail,
        autoSubmitted: 'auto-generated',
        messageId: `${sendId}@${mailFrom.split('@').at(-1) ?? ''}`,
        date: ctx.clock.now(),
      }),
    })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    ctx.log.warn({ at: 'sign-in.not-mailed', personId: person.personId, code: error.code })
  }
}
