import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import { isFromOwnPage } from '../authenticate.ts'
import { systemCtx } from '../caller.ts'
import type { ApiEnv } from '../env.ts'
import { ApiFailure } from '../problem.ts'
import { askLink } from './ask-link.ts'
import { cookieName } from './cookies.ts'
import { LINK_SECONDS } from './limits.ts'
import { ownPath } from './own-path.ts'
import { askPage, confirmPage, mailedPage, refusedPage } from './pages/ask-page.ts'
import { page } from './pages/page.ts'
import { PASSKEY_SCRIPT } from './pages/passkey-script.ts'
import { STYLE } from './pages/style.ts'
import { redeemLink } from './redeem-link.ts'

const Asked = z.object({ email: z.email().max(254) })
const Confirmed = z.object({ token: z.string().max(200) })

/** No form of the sign-in is taken from a page that is not ours: somebody could be signed in as somebody else. */
export const fromOwnPage = createMiddleware<ApiEnv>(async (c, next) => {
  if (c.req.method !== 'GET' && !isFromOwnPage(c)) throw ApiFailure.forbidden('This must come from a page of ours.')
  await next()
})

/** Sign-in by mailed link: pages that work without scripts. */
export const signInRoutes = new Hono<ApiEnv>()
  .use('/sign-in/*', fromOwnPage)
  .use('/sign-in', fromOwnPage)
  .get('/sign-in', (c) => page(c, { title: 'Sign in', body: askPage({ to: ownPath(c.req.query('to')) }) }))
  .get('/sign-in/style.css', (c) => asset(c, STYLE, 'text/css'))
  .get('/sign-in/passkey.js', (c) => asset(c, PASSKEY_SCRIPT, 'text/javascript'))
  .get('/sign-in/link/:token', (c) => page(c, { title: 'Sign in', body: confirmPage(c.req.param('token')) }))
  .post('/sign-in', async (c) => {
    const form = await c.req.parseBody()
    const { success, data } = Asked.safeParse(form)
    const to = ownPath(typeof form.to === 'string' ? form.to : undefined)
    const again = (wrong: string, status: 422 | 429) =>
      page(c, { title: 'Sign in', body: askPage({ wrong, to }), status })
    if (!success) return again('This is not a whole mail address.', 422)
    try {
      await askLink(systemCtx(c), { signIn: c.var.deps.signIn, email: data.email, browser: browserOf(c), to })
    } catch (error) {
      if (!isFailure(error, 'rate.too_many')) throw error
      c.header('retry-after', '900')
      return again('Too many tries; wait a quarter of an hour.', 429)
    }
    return page(c, { title: 'Look into your mail', body: mailedPage() })
  })
  .post('/sign-in/link', async (c) => {
    const { data } = Confirmed.safeParse(await c.req.parseBody())
    const redeemed = await redeemLink(systemCtx(c), {
      signIn: c.var.deps.signIn,
      token: data?.token ?? '',
      browser: getCookie(c, askedCookie(c)),
    })
    if (redeemed.kind === 'refused')
      return page(c, { title: 'That link does not work', body: refusedPage(redeemed.reason), status: 401 })
    for (const cookie of redeemed.cookies) c.header('set-cookie', cookie, { append: true })
    return c.redirect(redeemed.to ?? '/signed-in', 303)
  })

function asset(c: Context<ApiEnv>, text: string, type: string): Response {
  c.header('cache-control', 'public, max-age=3600')
  c.header('x-content-type-options', 'nosniff')
  return c.body(text, 200, { 'content-type': `${type}; charset=utf-8` })
}

function askedCookie(c: Context<ApiEnv>): string {
  return cookieName(systemCtx(c).settings.publicUrl, 'asked')
}

/** The random name of this browser: the same when it asks again, so that the first of two mails works as well. */
function browserOf(c: Context<ApiEnv>): string {
  const ctx = systemCtx(c)
  const known = getCookie(c, askedCookie(c))
  const browser = known !== undefined && /^[0-9a-z]{26}$/.test(known) ? known : ctx.ids.newToken()
  setCookie(c, askedCookie(c), browser, {
    path: '/',
    httpOnly: true,
    secure: ctx.settings.publicUrl.startsWith('https:'),
    sameSite: 'Strict',
    maxAge: LINK_SECONDS,
  })
  return browser
}
