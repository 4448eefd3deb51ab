import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** No script, no foreign request, no framing; forms go to ourselves only. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
}

const STYLE = `
:root{color-scheme:light dark}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f4f5f7,#14171c);color:light-dark(#1d2330,#e7eaf0)}
main{max-width:34rem;margin:8vh auto 0;padding:2rem;background:light-dark(#fff,#1e232b);border-radius:.75rem}
h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 1rem}
h2{margin:2rem 0 .75rem;font-size:1.125rem}
table{border-collapse:collapse;width:100%}
.wide{overflow-x:auto}
th,td{padding:.4rem .6rem .4rem 0;text-align:left;vertical-align:top;font-weight:400;border-bottom:1px solid light-dark(#dfe3ea,#323a46)}
thead th{font-weight:600}
ul{padding-left:1.25rem}
li form{display:inline}
input{font:inherit;width:100%;box-sizing:border-box;padding:.55rem .7rem;border:1px solid light-dark(#8a93a3,#7d8798);border-radius:.4rem;background:light-dark(#fff,#14171c);color:inherit}
button{font:inherit;padding:.65rem 1.25rem;border:0;border-radius:.4rem;background:light-dark(#1d4ed8,#8ab0ff);color:light-dark(#fff,#10141c);cursor:pointer}
button.quiet{background:transparent;color:inherit;box-shadow:inset 0 0 0 1px light-dark(#8a93a3,#7d8798)}
progress{width:100%;height:.75rem;accent-color:light-dark(#1d4ed8,#8ab0ff)}
button:focus-visible{outline:3px solid light-dark(#1d4ed8,#8ab0ff);outline-offset:3px}
`

/**
 * One public page: a title and a body in a single column; every interpolated value is escaped by `html`. `refreshSeconds`: it is fetched again after so
 * long, while work goes on that it shows.
 */
export function page(
  title: string,
  body: Markup,
  { refreshSeconds }: { readonly refreshSeconds?: number } = {},
): Markup {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<style>${raw(STYLE)}</style></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>`
}
