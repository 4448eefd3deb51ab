import { Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import { type ConfirmWords, confirmWords } from '#tenant-stack/core/confirmation/confirm-words.ts'
import { type Confirmation, findConfirmation } from '#tenant-stack/core/confirmation/issue-confirmation.ts'
import { redeemConfirmation } from '#tenant-stack/core/confirmation/redeem-confirmation.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { isHeld } from '#tenant-stack/core/licence-standing/held-work.ts'
import { mailboxOf } from '#tenant-stack/core/mailbox/mailbox.ts'
import { PAGE_HEADERS, page } from './page.ts'

/** The page behind a confirmation link: GET shows a button, only POST confirms (mail scanners follow links). */
export function confirmPages(ctx: Ctx): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
    })
    .get('/:token', async (c) => {
      const confirmation = await findConfirmation(ctx, c.req.param('token'))
      if (confirmation === undefined) return c.html(notKnown(), 404)
      if (confirmation.usedAt !== undefined) return c.html(await confirmed(ctx, confirmation))
      const words = wordsFor(ctx, confirmation)
      if (ctx.clock.now() > confirmation.validUntil) return c.html(expired(words), 410)
      const delivery = await findDelivery(ctx, confirmation.mailId, confirmation.recipient)
      return c.html(
        page(
          words.question,
          html`<p>${words.what} from <strong>${confirmation.address}</strong> is waiting. If it is yours, confirm it; ${words.effect}.</p>
${mailFacts(delivery)}
<form method="post"><button type="submit">Yes, it is mine</button></form>
<p style="margin-top:1rem">If it is not, close this page: ${words.nothing}</p>`,
        ),
      )
    })
    .post('/:token', async (c) => {
      const token = c.req.param('token')
      try {
        return c.html(await confirmed(ctx, await redeemConfirmation(ctx, token)))
      } catch (error) {
        if (isFailure(error, 'confirmation.not_found')) return c.html(notKnown(), 404)
        if (!isFailure(error, 'confirmation.expired')) throw error
        const confirmation = await findConfirmation(ctx, token)
        return c.html(expired(confirmation === undefined ? confirmWords('create') : wordsFor(ctx, confirmation)), 410)
      }
    })
}

function wordsFor(ctx: Ctx, { recipient }: Confirmation): ConfirmWords {
  return confirmWords(mailboxOf(ctx.settings, recipient).kind)
}

/** Which mail it is: somebody may send one in another's name in the same minute as he does. */
function mailFacts(delivery: InboundDelivery | undefined) {
  if (delivery === undefined) return ''
  const received = new Date(delivery.receivedAt).toISOString().slice(0, 16).replace('T', ' ')
  return html`<p>Its subject: <strong>${delivery.subject ?? '(none)'}</strong><br>Received: ${received} UTC</p>`
}

/** Where the licence is not in force the confirmation counts all the same, or its 24 hours would pass. */
async function confirmed(ctx: Ctx, confirmation: Confirmation) {
  const { it, soon, later } = wordsFor(ctx, confirmation)
  const whose = html`Thank you. ${it} from <strong>${confirmation.address}</strong>`
  return (await isHeld(ctx))
    ? page('Confirmed', html`<p>${whose} is kept. This server does not send mail at present; ${later}</p>`)
    : page('Confirmed', html`<p>${whose} ${soon}</p>`)
}

function expired({ again }: ConfirmWords) {
  return page('This link has expired', html`<p>Links work for 24 hours. ${again}, and we send a new one.</p>`)
}

function notKnown() {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail. Copy the whole link, or send the mail again.</p>`,
  )
}
