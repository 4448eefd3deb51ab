import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import { isFailure } from '#shared/errors/failure.ts'
import { type Principal, principalOfSession } from '#tenant-stack/core/access/principal.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { endOtherSessions, endSession } from '#tenant-stack/core/session/end-sessions.ts'
import { findSession } from '#tenant-stack/core/session/find-session.ts'
import type { Session } from '#tenant-stack/core/session/session.ts'
import { appUrlOf } from '#tenant-stack/core/session/sign-in-link.ts'
import { page } from '#tenant-stack/pages/page.ts'
import { CONSOLE_HEADERS } from './console-headers.ts'
import { homePage } from './home-page.ts'
import { isOwnOrigin, isSafe } from './same-origin.ts'
import { forgetSession, sessionTokenOf } from './session-cookie.ts'
import { type CallerOf, signInPages } from './sign-in-pages.ts'

/** Where the console is, for a host that serves other things beside it. */
export const CONSOLE_PATHS: readonly string[] = ['/sign-in', '/sign-in/*', '/sign-out', '/console', '/console/*']

type Signed = { readonly principal: Principal; readonly session: Session; readonly token: string }

/**
 * The tenant's console as far as it needs no script: signing in and out, who one is, one's events, and where one is signed in. Nothing changes on GET, and
 * what a form changes must come from this host.
 */
export function createConsole(ctx: Ctx, callerOf: CallerOf): Hono {
  const { pathname } = new URL(appUrlOf(ctx.settings))
  const base = pathname.replace(/\/$/, '')
  const app = new Hono().use(async (c, next) => {
    if (isSafe(c) || isOwnOrigin(c, ctx)) await next()
    else c.res = await c.html(foreign(), 403)
    for (const [name, value] of Object.entries(CONSOLE_HEADERS)) c.header(name, value)
  })
  app.route('/', signInPages(ctx, { base, callerOf }))
  app.get('/', (c) => c.redirect(`${base}/console`, 303))
  app.get('/console', async (c) => {
    const signed = await signedIn(c, ctx)
    if (signed instanceof Response) return signed
    return c.html(await homePage(ctx, { ...signed, base }))
  })
  app.post('/console/sessions', async (c) => {
    const signed = await signedIn(c, ctx)
    if (signed instanceof Response) return signed
    const { end } = await c.req.parseBody()
    if (end === 'others') await endOtherSessions(ctx, signed.token, signed.session)
    else if (typeof end === 'string') await endOne(ctx, signed.session.address, end)
    return c.redirect(`${base}/console`, 303)
  })
  app.notFound((c) =>
    c.html(page('There is no such page', html`<p><a href="${base}/console">To the start</a></p>`), 404),
  )
  app.onError((error, c) => {
    ctx.log.error({ at: 'console.failed', name: error.name, message: error.message })
    return c.html(page('Something went wrong', html`<p>Please try again in a minute.</p>`), 500, CONSOLE_HEADERS)
  })
  return app

  async function signedIn(c: Context, own: Ctx): Promise<Signed | Response> {
    const token = sessionTokenOf(c, own)
    const session = token === undefined ? undefined : await findSession(own, token)
    try {
      const principal = session === undefined ? undefined : await principalOfSession(own, session)
      if (token === undefined || session === undefined || principal === undefined)
        return c.redirect(`${base}/sign-in`, 303)
      return { session, principal, token }
    } catch (error) {
      if (!isFailure(error, 'organizer.suspended') && !isFailure(error, 'organizer.not_allowed')) throw error
      forgetSession(c, own)
      return c.html(page('You cannot sign in', html`<p>${error.message}</p>`), 403)
    }
  }
}

/** One that has ended meanwhile is gone as it was to be. */
async function endOne(ctx: Ctx, address: string, sessionId: string): Promise<void> {
  try {
    await endSession(ctx, { address, sessionId })
  } catch (error) {
    if (!isFailure(error, 'session.not_found')) throw error
  }
}

function foreign() {
  return page('That came from elsewhere', html`<p>Another site tried to do this in your name. Nothing was done.</p>`)
}
