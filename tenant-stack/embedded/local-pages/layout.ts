import { html } from 'hono/html'

/** What hono's `html` tag gives: escaped text ready to be put into another template. */
export type Markup = ReturnType<typeof html>

const places = [
  { path: '/', name: 'Start' },
  { path: '/outbox', name: 'Outbox' },
  { path: '/inbound', name: 'Inbound mail' },
] as const

export type Place = (typeof places)[number]['path']

const mark = html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect width="24" height="24" rx="6" /><path d="M7 12.6l3.4 3.4L17.2 9" /></svg>`

/** A whole page of the local product: landmarks, navigation with the current place, and `main`. */
export function page(options: {
  readonly title: string
  readonly place: Place
  /** What the paths of these pages begin with: '' or `/t/<tenantId>`. */
  readonly base: string
  readonly main: Markup
}): Markup {
  const { base } = options
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${options.title} · Convoke</title>
<link rel="stylesheet" href="${base}/local/style.css">
<link rel="icon" href="${base}/local/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div>
<a class="brand" href="${base}/">${mark}Convoke</a>
<nav aria-label="Main">${places.map(
    ({ path, name }) =>
      html`<a href="${base}${path}"${path === options.place ? html` aria-current="page"` : ''}>${name}</a>`,
  )}</nav>
</div></header>
<main id="main">${options.main}</main>
<footer>Served on this machine alone, for whoever runs Convoke here.</footer>
</body>
</html>`
}

const timeFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** `23 Nov, 21:08:14` in this machine's zone, with the instant for machines. */
export function timeOf(epochMilliseconds: number): Markup {
  const date = new Date(epochMilliseconds)
  return html`<time datetime="${date.toISOString()}">${timeFormat.format(date)}</time>`
}

/** What is shown where a list has nothing yet: what would be here, and how to make it appear. */
export function emptyState(headline: string, hint: Markup): Markup {
  return html`<div class="sheet empty"><strong>${headline}</strong>${hint}</div>`
}

/** Link to the next, older page, and back to the newest; nothing when all fits on one page. */
export function pager(path: string, isFirst: boolean, cursor: string | undefined): Markup | '' {
  if (isFirst && cursor === undefined) return ''
  const newest = isFirst ? html`<span></span>` : html`<a href="${path}">← Newest</a>`
  const older =
    cursor === undefined ? '' : html`<a rel="next" href="${path}?after=${encodeURIComponent(cursor)}">Older →</a>`
  return html`<nav class="pager" aria-label="Pages">${newest}${older}</nav>`
}
