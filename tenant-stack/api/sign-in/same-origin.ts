import type { Context } from 'hono'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request changes nothing by its method (RFC 9110 §9.2.1). */
export function isSafe(c: Context): boolean {
  return SAFE.has(c.req.method)
}

/** Whether a page of this very host sends it: a browser says so in `Origin`, and no page can make it lie (Fetch §3.2). Without one it is taken for no. */
export function isOwnOrigin(c: Context): boolean {
  const origin = c.req.header('origin')
  if (origin === undefined || !URL.canParse(origin)) return false
  const { host } = new URL(origin)
  return host === (c.req.header('host') ?? new URL(c.req.url).host)
}
