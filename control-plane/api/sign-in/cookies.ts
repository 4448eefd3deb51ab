import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { systemCtx } from '../caller.ts'
import type { ApiEnv } from '../env.ts'

/** A `__Host-` cookie is of this host alone, of every path, and only over TLS (RFC 6265bis §4.1.3.2): plain HTTP on loopback has none. */
export function cookieName(publicUrl: string, name: 'session' | 'asked' | 'passkey'): string {
  return `${publicUrl.startsWith('https:') ? '__Host-' : ''}convoke-${name}`
}

/** The token of the session cookie; its signature guards nothing that the token's 190 random bits do not. */
export function sessionTokenOf(c: Context<ApiEnv>): string | undefined {
  const value = getCookie(c, cookieName(systemCtx(c).settings.publicUrl, 'session'))
  const token = value?.split('.')[0]
  return token !== undefined && /^[A-Za-z0-9]{32}$/.test(token) ? token : undefined
}
