import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

const STYLE = `
:root{color-scheme:light dark;--ink:light-dark(#1d2330,#e7eaf0);--soft:light-dark(#586174,#a4adbd);--line:light-dark(#c9cfda,#414958);--act:light-dark(#1d4ed8,#8ab0ff);--on:light-dark(#fff,#10141c);--bad:light-dark(#a4161a,#ff9a9a)}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:light-dark(#f4f5f7,#14171c);color:var(--ink)}
main{max-width:36rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.card>:last-child{margin-bottom:0}.card{background:light-dark(#fff,#1e232b);border-radius:.75rem;padding:1.25rem;margin:0 0 1rem}
.notice{font-size:.875rem;color:var(--soft);margin:0 0 1rem}
h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.25}
h2{margin:0 0 .75rem;font-size:1.0625rem}
p{margin:0 0 .75rem;overflow-wrap:anywhere}
.amount{font-size:2rem;font-weight:600;margin:0 0 .25rem}
label,legend{display:block;font-size:.875rem;margin:0 0 .25rem;padding:0}
input,select{font:inherit;width:100%;padding:.55rem .65rem;border:1px solid var(--line);border-radius:.4rem;background:light-dark(#fff,#14171c);color:inherit}
input[aria-invalid=true]{border-color:var(--bad)}
.field{margin:0 0 .85rem}.row{display:grid;grid-template-columns:1fr 1fr;gap:0 .75rem}
fieldset{border:0;margin:0;padding:0}
button{font:inherit;font-weight:600;width:100%;padding:.7rem 1.25rem;border:0;border-radius:.4rem;background:var(--act);color:var(--on);cursor:pointer}
button.quiet{background:transparent;color:var(--act);border:1px solid var(--line);width:auto;padding:.4rem .9rem}
a{color:var(--act)}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
.error{color:var(--bad);border:1px solid var(--bad);border-radius:.4rem;padding:.65rem .85rem;margin:0 0 1rem}
table{width:100%;border-collapse:collapse;font-size:.9375rem}th,td{text-align:left;padding:.4rem .5rem .4rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:500;color:var(--soft)}td.sum,th.sum{text-align:right;padding-right:0;white-space:nowrap}.sum+*{padding-left:1rem}.scroll+p{margin-top:.75rem}
.scroll{overflow-x:auto}
`

/** One page of the double: it says on every page that no money moves. */
export function frame(title: string, body: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${raw(STYLE)}</style></head>
<body><main><p class="notice">Test payments on this machine. No money moves and only test cards work.</p>${body}</main></body>
</html>`
}

/** The page as it is sent. */
export async function text(page: Markup): Promise<string> {
  return (await page).toString()
}

/** No script, nothing foreign; forms go to ourselves, and by redirect to where the seller wants the buyer back. */
export function pageHeaders(returnUrl?: string | null): Readonly<Record<string, string>> {
  const back = returnUrl === undefined || returnUrl === null ? '' : ` ${originOf(returnUrl)}`
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; form-action 'self'${back}; base-uri 'none'; frame-ancestors 'none'`,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : ''
}

/** An amount in the currency's smallest unit, as people write it: cents for dollars, whole yen. */
export function sum(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency })
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
}

export function day(seconds: number): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(seconds * 1000)
}
