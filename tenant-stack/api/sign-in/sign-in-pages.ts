import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { askSignIn } from '#tenant-stack/core/session/ask-sign-in.ts'
import { signOut } from '#tenant-stack/core/session/end-sessions.ts'
import { findSignInLink, LINK_SECONDS, redeemSignInLink } from '#tenant-stack/core/session/sign-in-link.ts'
import { page } from '#tenant-stack/pages/page.ts'
import { forgetSession, keepSession, sessionTokenOf } from './session-cookie.ts'

/** Names where a request came from, for limits; the runtime knows. */
export type CallerOf = (c: Context) => string

const ADDRESS = /^[^\s@<>"]{1,64}@[^\s@<>"]{1,189}$/

/** Signing in by a mailed link: asking for one says the same to everybody, and only a POST redeems it, because mail scanners follow links. */
export function signInPages(
  ctx: Ctx,
  { base, callerOf }: { readonly base: string; readonly callerOf: CallerOf },
): Hono {
  const { domainName } = ctx.settings
  return new Hono()
    .get('/sign-in', (c) => c.html(form(domainName)))
    .post('/sign-in', async (c) => {
      const { email } = await c.req.parseBody()
      const address = typeof email === 'string' ? normalizeAddress(email.trim()) : ''
      if (!ADDRESS.test(address)) return c.html(form(domainName, 'That is no mail address.'), 422)
      try {
        await askSignIn(ctx, { address, caller: callerOf(c) })
      } catch (error) {
        if (!isFailure(error, 'rate.too_many')) throw error
        return c.html(page('Too many tries', html`<p>Wait a quarter of an hour, then ask again.</p>`), 429)
      }
      return c.html(
        page(
          'Look into your mail',
          html`<p>If <strong>${address}</strong> may sign in here, a link is on its way. It works once, for ${LINK_SECONDS / 60} minutes.</p>
<p>Nothing came? Look into the spam folder. Whoever organizes events here may sign in: with the address that his calendar sends from.</p>`,
        ),
      )
    })
    .get('/sign-in/:token', async (c) => {
      const link = await findSignInLink(ctx, c.req.param('token'))
      if (link === undefined) return c.html(badLink(base), 410)
      return c.html(
        page(
          `Sign in to ${domainName}`,
          html`<p>As <strong>${link.address}</strong>.</p><form method="post"><button type="submit">Sign in</button></form>`,
        ),
      )
    })
    .post('/sign-in/:token', async (c) => {
      try {
        const { sessionToken } = await redeemSignInLink(ctx, {
          token: c.req.param('token'),
          userAgent: c.req.header('user-agent') ?? '',
        })
        keepSession(c, ctx, sessionToken)
        return c.redirect(`${base}/console`, 303)
      } catch (error) {
        if (!isFailure(error, 'session.bad_link')) throw error
        return c.html(badLink(base), 410)
      }
    })
    .post('/sign-out', async (c) => {
      const token = sessionTokenOf(c, ctx)
      if (token !== undefined) await signOut(ctx, token)
      forgetSession(c, ctx)
      return c.redirect(`${base}/sign-in`, 303)
    })
}

function form(domainName: string, wrong?: string) {
  return page(
    `Sign in to ${domainName}`,
    html`<p>We mail you a link; there is no password.</p>
${wrong === undefined ? '' : html`<p role="alert"><strong>${wrong}</strong></p>`}
<form method="post"><p><label for="email">Your mail address</label><br>
<input id="email" name="email" type="email" required autocomplete="email" maxlength="254"></p>
<button type="submit">Send me a link</button></form>`,
  )
}

function badLink(base: string) {
  return page(
    'This link does not work any more',
    html`<p>It was used, or is older than ten minutes. <a href="${base}/sign-in">Ask for a new one</a>.</p>`,
  )
}
