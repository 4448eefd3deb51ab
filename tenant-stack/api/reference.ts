import { Hono } from 'hono'
import { renewed } from '#shared/runtime/renewed.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import type { ApiEnv } from './env.ts'

/** Loads the script of the page, gzipped. */
export type ReferenceScript = () => Promise<Uint8Array>

/**
 * Nothing but this origin: no fonts, no proxy, no telemetry of others. Styles are written by the script itself; what a reader tries out is
 * asked of this API alone.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Addresses are relative: the page stands at the API's own host, at the gateway's stage, and behind the path of a tenant on this machine. */
const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
<link rel="icon" href="data:,">
<script src="reference/scalar.js" defer></script>
<script src="reference/start.js" defer></script>
</head>
<body>
<div id="reference"></div>
<noscript><p>This page needs JavaScript. The same is described in <a href="openapi.json">openapi.json</a> (OpenAPI 3.1).</p></noscript>
</body>
</html>
`

/** Off: whatever would ask somebody else, or keep a key in the browser. */
const SETTINGS = {
  url: 'openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  persistAuth: false,
  authentication: { preferredSecurityScheme: 'key' },
  documentDownloadType: 'json',
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  metaData: { title: 'API reference' },
}

const START = `Scalar.createApiReference('#reference', ${JSON.stringify(SETTINGS)})\n`

/** A day: the script changes with releases alone, and one of the release before shows the description as well. */
const KEPT = 'public, max-age=86400'

/**
 * `/reference`: what `openapi.json` says, for people, with a form to try it. The script is some 1.3 MB and comes ready gzipped, because a
 * function may answer 6 MB at most and the script alone is nearly that.
 */
export function referencePage({ clock }: Pick<Ctx, 'clock'>, loadScript: ReferenceScript): Hono<ApiEnv> {
  const script = renewed({ clock, everyMs: Number.POSITIVE_INFINITY }, loadScript)
  return new Hono<ApiEnv>()
    .get('/reference', (c) => {
      c.header('content-security-policy', POLICY)
      c.header('referrer-policy', 'no-referrer')
      return c.html(PAGE)
    })
    .get('/reference/start.js', (c) => {
      c.header('cache-control', KEPT)
      return c.body(START, 200, { 'content-type': 'text/javascript; charset=utf-8' })
    })
    .get('/reference/scalar.js', async (c) => {
      c.header('cache-control', KEPT)
      c.header('content-encoding', 'gzip')
      return c.body(new Uint8Array(await script()), 200, { 'content-type': 'text/javascript; charset=utf-8' })
    })
}
