import { html } from 'hono/html'

/** What hono's `html` tag gives: escaped text ready to be put into another template. */
export type Markup = ReturnType<typeof html>

const places = [
  { path: '/', name: 'Control plane' },
  { path: '/mail', name: 'Mail' },
  { path: '/dns', name: 'Name servers' },
] as const

export type Place = (typeof places)[number]['path']

/** A whole page for whoever runs the control plane on this machine. */
export function framed(options: {
  readonly title: string
  readonly place: Place
  readonly main: Markup
  readonly reloadSeconds?: number
}): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">${options.reloadSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${options.reloadSeconds}">`}
<title>${options.title} · Convoke control plane</title>
<link rel="stylesheet" href="/local/style.css">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div>
<a class="brand" href="/">Convoke control plane</a>
<nav aria-label="Main">${places.map(
    ({ path, name }) => html`<a href="${path}"${path === options.place ? html` aria-current="page"` : ''}>${name}</a>`,
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

/** A time in this machine's zone, with the instant for machines. */
export function timeOf(epochMilliseconds: number): Markup {
  const date = new Date(epochMilliseconds)
  return html`<time datetime="${date.toISOString()}">${timeFormat.format(date)}</time>`
}
