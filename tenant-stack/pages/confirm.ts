import { Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import { findConfirmation } from '#tenant-stack/core/confirmation/issue-confirmation.ts'
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
      if (confirmation.usedAt !== undefined)
        return c.html(
          (await isHeld(ctx)) ? kept(confirmation.address) : done(confirmation.address, isList(ctx, confirmation)),
        )
      if (ctx.clock.now() > confirmation.validUntil) return c.html(expired(), 410)
      const delivery = await findDelivery(ctx, confirmation.mailId, confirmation.recipient)
      return c.html(
        page(
          `Did you send this ${isList(ctx, confirmation) ? 'list' : 'invitation'}?`,
          html`<p>${isList(ctx, confirmation) ? 'A list' : 'An invitation'} from <strong>${confirmation.address}</strong> is waiting. If it is yours, confirm it; ${isList(ctx, confirmation) ? 'the list is then checked, and you get a mail that tells whom it would reach' : 'the event is then created'}.</p>
${mailFacts(delivery)}
<form method="post"><button type="submit">Yes, it is mine</button></form>
<p style="margin-top:1rem">If it is not, close this page: nothing was created, and nobody was invited.</p>`,
        ),
      )
    })
    .post('/:token', async (c) => {
      try {
        const { address, recipient } = await redeemConfirmation(ctx, c.req.param('token'))
        return c.html((await isHeld(ctx)) ? kept(address) : done(address, isList(ctx, { recipient })))
      } catch (error) {
        if (isFailure(error, 'confirmation.not_found')) return c.html(notKnown(), 404)
        if (isFailure(error, 'confirmation.expired')) return c.html(expired(), 410)
        throw error
      }
    })
}

/** A mail to `lists@` brings no event. */
function isList({ settings }: Ctx, { recipient }: { readonly recipient: string }): boolean {
  return mailboxOf(settings, recipient).kind === 'lists'
}

/** Which mail it is: somebody may send one in another's name in the same minute as he does. */
function mailFacts(delivery: InboundDelivery | undefined) {
  if (delivery === undefined) return ''
  const received = new Date(delivery.receivedAt).toISOString().slice(0, 16).replace('T', ' ')
  return html`<p>Its subject: <strong>${delivery.subject ?? '(none)'}</strong><br>Received: ${received} UTC</p>`
}

function done(address: string, isOfList: boolean) {
  const what = isOfList ? 'list' : 'invitation'
  return page(
    'Confirmed',
    html`<p>Thank you. The ${what} from <strong>${address}</strong> is being ${isOfList ? 'checked' : 'created'}; you get a mail about it in a moment.</p>`,
  )
}

/** The licence is not in force: the confirmation counts, or its 24 hours would pass. */
function kept(address: string) {
  return page(
    'Confirmed',
    html`<p>Thank you. The mail from <strong>${address}</strong> is kept. This server does not send mail at present; it is taken up when it does again.</p>`,
  )
}

function expired() {
  return page(
    'This link has expired',
    html`<p>Links work for 24 hours. Send your mail again, and we send a new one.</p>`,
  )
}

function notKnown() {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail. Copy the whole link, or send your mail again.</p>`,
  )
}
