import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { mailboxAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import type { ReplyAddress } from '#tenant-stack/core/reply-address/reply-address.ts'
import { findByUnsubscribeId } from '#tenant-stack/core/reply-address/unsubscribe-id.ts'
import { resubscribe } from '#tenant-stack/core/suppression/lift.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { suppressionsOf } from '#tenant-stack/core/suppression/suppressions-of.ts'
import { PAGE_HEADERS, page } from './page.ts'

const SCOPES = ['organizer', 'domain'] as const
type Scope = (typeof SCOPES)[number]

/**
 * The page behind "no more mail". GET changes nothing, because scanners follow links. A POST of a mail client (RFC 8058: its body is
 * `List-Unsubscribe=One-Click`, without a cookie) takes the address off the organizer's mail at once; the page's own buttons also off
 * everybody's on the domain, and back on.
 */
export function unsubscribePages(ctx: Ctx): Hono {
  return new Hono()
    .use(async (c, next) => {
      await next()
      for (const [name, value] of Object.entries(PAGE_HEADERS)) c.header(name, value)
    })
    .get('/:unsubscribeId', async (c) => {
      const pair = await findByUnsubscribeId(ctx, c.req.param('unsubscribeId'))
      return pair === undefined ? c.html(notKnown(), 404) : c.html(asked(ctx, pair))
    })
    .post('/:unsubscribeId', async (c) => {
      const pair = await findByUnsubscribeId(ctx, c.req.param('unsubscribeId'))
      if (pair === undefined) return c.html(notKnown(), 404)
      const form = await c.req.parseBody()
      const scope = SCOPES.find((one) => one === form.scope) ?? 'organizer'
      return form.act === 'undo' ? undone(ctx, c, pair, scope) : done(ctx, c, pair, scope)
    })
}

function suppressedOf({ organizerAddress, attendeeAddress }: ReplyAddress, scope: Scope) {
  return { address: attendeeAddress, ...(scope === 'domain' ? {} : { organizerAddress }) }
}

async function done(ctx: Ctx, c: Context, pair: ReplyAddress, scope: Scope): Promise<Response> {
  await suppress(ctx, { ...suppressedOf(pair, scope), reason: 'unsubscribe', source: 'page' })
  return c.html(
    page(
      'You get no more mail',
      html`<p><strong>${pair.attendeeAddress}</strong> is sent nothing any more ${from(ctx, pair, scope)}: no invitations, and no changes of events you were invited to.</p>
<form method="post"><input type="hidden" name="act" value="undo"><input type="hidden" name="scope" value="${scope}"><button type="submit">Undo</button></form>`,
    ),
  )
}

async function undone(ctx: Ctx, c: Context, pair: ReplyAddress, scope: Scope): Promise<Response> {
  const { organizerAddress, attendeeAddress } = pair
  await resubscribe(ctx, suppressedOf(pair, scope))
  const left = await suppressionsOf(ctx, { organizerAddress, addresses: [attendeeAddress] })
  if (left.has(attendeeAddress)) return c.html(stillNothing(ctx, pair))
  return c.html(
    page(
      'You get mail again',
      html`<p>Mail ${from(ctx, pair, scope)} goes to <strong>${pair.attendeeAddress}</strong> again.</p>`,
    ),
  )
}

/** The other scope may stand, or a reason that is not the attendee's to take back; which one is nobody's business who has the link. */
function stillNothing(ctx: Ctx, { attendeeAddress, organizerAddress }: ReplyAddress) {
  return page(
    'Your wish is taken back',
    html`<p>But mail from ${organizerAddress} does not go to <strong>${attendeeAddress}</strong> yet: the address is off the list for another reason as well. Write to ${mailboxAddress(ctx.settings, 'postmaster')} to have it looked at.</p>`,
  )
}

function asked(ctx: Ctx, pair: ReplyAddress) {
  return page(
    'No more mail?',
    html`<p>Stop mail to <strong>${pair.attendeeAddress}</strong>. You will not hear of changes of events you were invited to either.</p>
<form method="post"><input type="hidden" name="scope" value="organizer"><button type="submit">Stop mail from ${pair.organizerAddress}</button></form>
<form method="post" style="margin-top:1rem"><input type="hidden" name="scope" value="domain"><button type="submit">Stop all mail of ${ctx.settings.domainName}</button></form>`,
  )
}

function from({ settings }: Ctx, { organizerAddress }: ReplyAddress, scope: Scope): string {
  return scope === 'domain' ? `from anybody at ${settings.domainName}` : `from ${organizerAddress}`
}

function notKnown() {
  return page(
    'This link is not known',
    html`<p>It may have been cut in your mail. Copy the whole link from the end of the mail.</p>`,
  )
}
