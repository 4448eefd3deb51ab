import { readFileSync } from 'node:fs'
import { html } from 'hono/html'

/** What hono's `html` tag gives: escaped text ready to be put into another template. */
export type Markup = ReturnType<typeof html>

export const STYLE = readFileSync(new URL('./dns-page.css', import.meta.url), 'utf8')

/** No script, no foreign request, no framing; forms go to ourselves only. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // With no-referrer browsers would send `Origin: null` with our own forms, and these are told by their origin.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** A whole page: landmarks, title, and a line about what was just done. */
export function layout(options: {
  readonly title: string
  readonly basePath: string
  readonly notice?: { readonly tone: 'good' | 'bad'; readonly text: string }
  readonly main: Markup
}): Markup {
  const { title, basePath, notice, main } = options
  const shown =
    notice === undefined
      ? ''
      : html`<p class="notice ${notice.tone}" role="${notice.tone === 'bad' ? 'alert' : 'status'}">${notice.text}</p>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Local DNS</title>
<link rel="stylesheet" href="${basePath}/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header><a class="brand" href="${basePath}">Local DNS</a><span>stands for a licensee's DNS provider</span></header>
<main id="main"><h1>${title}</h1>${shown}${main}</main>
<footer>Served on this machine alone. Nothing here reaches public DNS.</footer>
</body>
</html>`
}
