import type { Context } from 'hono'
import type { ApiEnv } from './env.ts'

/** Nothing inline, nothing from elsewhere, in nobody's frame. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** What every page of ours says to the browser. */
export function pageHeaders(c: Context<ApiEnv>): void {
  c.header('content-security-policy', POLICY)
  // `no-referrer` would make browsers send `Origin: null` with our own forms (Fetch standard, §3.1).
  c.header('referrer-policy', 'same-origin')
  c.header('cache-control', 'no-store')
  c.header('x-content-type-options', 'nosniff')
}
