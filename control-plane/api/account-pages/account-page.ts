import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { systemCtx } from '../caller.ts'
import type { ApiEnv } from '../env.ts'
import { pageHeaders } from '../page-headers.ts'
import type { Html } from '../sign-in/pages/page.ts'

/** Loads itself again after a time, at another address of ours where one is named. */
export type Reload = { readonly seconds: number; readonly to?: string }

type Page = {
  readonly title: string
  readonly body: Html
  readonly status?: ContentfulStatusCode
  readonly reload?: Reload | undefined
  /** The part of the account that it is of. */
  readonly part?: '/licences' | '/contests' | '/passkeys'
  /** Who looks may change nothing. */
  readonly isReadOnly?: boolean
  /** Has a button for passkeys, which have no form. */
  readonly hasPasskeyScript?: true
}

/** A whole page of the account; needs no script. */
export async function accountPage(c: Context<ApiEnv>, page: Page): Promise<Response> {
  const { vendorName } = systemCtx(c).settings
  pageHeaders(c)
  return c.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${page.reload === undefined ? '' : reloadTag(page.reload)}<title>${page.title} · ${vendorName}</title>
<link rel="stylesheet" href="/sign-in/style.css">
<link rel="stylesheet" href="/account-pages/style.css">
</head>
<body>
<main>
<p class="vendor">${vendorName}</p>
<nav aria-label="Account">${link('/licences', 'Licences', page.part)}${link('/contests', 'Contested domains', page.part)}${link('/passkeys', 'Passkeys', page.part)}${link('/signed-in', 'You')}</nav>
${page.isReadOnly === true ? html`<p class="banner" role="status">You see what the licensee sees, and can change nothing.</p>` : ''}
<div class="card">
<h1>${page.title}</h1>
${page.body}
</div>
</main>${
      page.hasPasskeyScript === undefined
        ? ''
        : html`
<script type="module" src="/sign-in/passkey.js"></script>`
    }
</body>
</html>`,
    page.status ?? 200,
  )
}

function link(path: string, text: string, part?: string): Html {
  return html`<a href="${path}"${path === part ? html` aria-current="page"` : ''}>${text}</a>`
}

function reloadTag({ seconds, to }: Reload): Html {
  return html`<meta http-equiv="refresh" content="${seconds}${to === undefined ? '' : `;url=${to}`}">
`
}
