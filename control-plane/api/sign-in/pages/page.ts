import type { Context } from 'hono'
import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { systemCtx } from '../../caller.ts'
import type { ApiEnv } from '../../env.ts'
import { pageHeaders } from '../../page-headers.ts'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

/** A whole page of the sign-in, readable without scripts. */
export async function page(
  c: Context<ApiEnv>,
  input: { readonly title: string; readonly body: Html; readonly status?: ContentfulStatusCode },
): Promise<Response> {
  const { vendorName } = systemCtx(c).settings
  pageHeaders(c)
  return c.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${input.title} · ${vendorName}</title>
<link rel="stylesheet" href="/sign-in/style.css">
</head>
<body>
<main>
<p class="vendor">${vendorName}</p>
<div class="card">
<h1>${input.title}</h1>
${input.body}
</div>
</main>
<script type="module" src="/sign-in/passkey.js"></script>
</body>
</html>`,
    input.status ?? 200,
  )
}
