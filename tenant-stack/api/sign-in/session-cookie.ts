import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { SESSION_SECONDS } from '#tenant-stack/core/session/session.ts'
import { appUrlOf } from '#tenant-stack/core/session/sign-in-link.ts'

/**
 * A `__Host-` cookie is of this host alone, of every path, and only over TLS (RFC 6265bis §4.1.3.2). Where several tenants share a host, by paths, each has its
 * own path; plain HTTP on loopback has no prefix at all.
 */
function cookieOf({ settings }: Pick<Ctx, 'settings'>) {
  const { protocol, pathname } = new URL(appUrlOf(settings))
  const secure = protocol === 'https:'
  const ofHost = pathname === '/' ? '__Host-' : '__Secure-'
  const options = { path: pathname, httpOnly: true, secure, sameSite: 'Lax' } as const
  return { name: `${secure ? ofHost : ''}convoke-session`, options }
}

export function sessionTokenOf(c: Context, ctx: Ctx): string | undefined {
  return getCookie(c, cookieOf(ctx).name)
}

export function keepSession(c: Context, ctx: Ctx, token: string): void {
  const { name, options } = cookieOf(ctx)
  setCookie(c, name, token, { ...options, maxAge: SESSION_SECONDS })
}

export function forgetSession(c: Context, ctx: Ctx): void {
  const { name, options } = cookieOf(ctx)
  deleteCookie(c, name, options)
}
