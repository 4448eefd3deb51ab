import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { SESSION_SECONDS } from '#tenant-stack/core/session/session.ts'
import { appUrlOf } from '#tenant-stack/core/session/sign-in-link.ts'

/**
 * A `__Host-` cookie is of this host alone, of every path, and only over TLS (RFC 6265bis §4.1.3.2). Plain HTTP on loopback has none, and there several
 * tenants share a host, by paths.
 */
function cookieOf({ settings }: Pick<Ctx, 'settings'>) {
  const { protocol, pathname } = new URL(appUrlOf(settings))
  const isSecure = protocol === 'https:'
  return {
    name: isSecure ? '__Host-convoke-session' : 'convoke-session',
    options: {
      path: isSecure ? '/' : pathname,
      httpOnly: true,
      secure: isSecure,
      sameSite: 'Lax',
    },
  } as const
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
