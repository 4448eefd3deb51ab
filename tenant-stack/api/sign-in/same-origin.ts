import type { Context } from 'hono'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { appUrlOf } from '#tenant-stack/core/session/sign-in-link.ts'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request changes nothing by its method (RFC 9110 §9.2.1). */
export function isSafe(c: Context): boolean {
  return SAFE.has(c.req.method)
}

/**
 * Whether a page of this very host sends it: a browser says so in `Origin`, and no page can make it lie (Fetch §3.2). Without one it is taken for no. The
 * console's own address counts as well: a proxy may not hand on the Host that it was asked by.
 */
export function isOwnOrigin(c: Context, { settings }: Pick<Ctx, 'settings'>): boolean {
  const origin = c.req.header('origin')
  if (origin === undefined || !URL.canParse(origin)) return false
  const isConsole = origin === new URL(appUrlOf(settings)).origin
  return isConsole || new URL(origin).host === (c.req.header('host') ?? new URL(c.req.url).host)
}
