import { html } from 'hono/html'
import { type CalendarLine, calendarLines } from './calendar-lines.ts'
import { type Markup, page, timeOf } from './layout.ts'
import { kindBadge } from './outbox-page.ts'
import type { SentMail } from './outbox-source.ts'
import type { ReadSentMail } from './read-sent-mail.ts'

/** Source shown on the page; the download has all of it. */
const sourceCharactersMax = 200_000
const deepest = 2

/** One sent mail: as a person sees it, then its calendar, headers and source. */
export function sentMailPage(
  sent: SentMail,
  { read, raw, pagesBase }: { readonly read: ReadSentMail; readonly raw: Uint8Array; readonly pagesBase: string },
): Markup {
  const base = `${pagesBase}/outbox/${encodeURIComponent(sent.mailerMessageId)}`
  const main = html`<p><a href="${pagesBase}/outbox">← Outbox</a></p>
${kindBadge(read.kind)}
<h1>${read.subject}</h1>
<dl class="mail-head">
<dt>From</dt><dd>${read.from}</dd>
<dt>To</dt><dd>${read.to}</dd>
<dt>Sent</dt><dd>${timeOf(sent.acceptedAt)}</dd>
</dl>
<ul class="jump">
<li><a href="#message">Message</a></li>
${read.calendar === undefined ? '' : html`<li><a href="#calendar">Calendar</a></li>`}
<li><a href="#headers">Headers</a></li>
<li><a href="#source">Source</a></li>
<li><a href="${base}/mail.eml" download>Download .eml</a></li>
${read.calendar === undefined ? '' : html`<li><a href="${base}/invite.ics" download>Download .ics</a></li>`}
</ul>
${messageSection(read, base)}
${read.calendar === undefined ? '' : calendarSection(read.calendar)}
<section aria-labelledby="headers"><h2 id="headers">Headers</h2>
<div class="scroll" tabindex="0" role="group" aria-labelledby="headers"><table>${read.headers.map(
    ({ name, value }) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</table></div></section>
<section aria-labelledby="source"><h2 id="source">Source</h2>
<pre class="tall" tabindex="0" role="group" aria-labelledby="source"><code>${sourceOf(raw)}</code></pre></section>`
  return page({ title: read.subject, place: '/outbox', base: pagesBase, main })
}

function messageSection(read: ReadSentMail, base: string): Markup {
  const frame = html`<iframe sandbox title="The mail as it is read" src="${base}/body" loading="lazy"></iframe>`
  const text = html`<pre class="wrap"><code>${read.text ?? 'This mail has no text.'}</code></pre>`
  const plain = html`<details><summary>Plain text</summary>${text}</details>`
  return html`<section aria-labelledby="message"><h2 id="message">Message</h2>${read.html === undefined ? text : html`${frame}${read.text === undefined ? '' : plain}`}</section>`
}

function calendarSection(calendar: NonNullable<ReadSentMail['calendar']>): Markup {
  return html`<section aria-labelledby="calendar"><h2 id="calendar">Calendar${calendar.method === '' ? '' : html` <span class="badge">${calendar.method}</span>`}</h2>
<div class="scroll" tabindex="0" role="group" aria-labelledby="calendar"><table>${calendarLines(calendar.text).map(calendarRow)}</table></div></section>`
}

function calendarRow(line: CalendarLine): Markup {
  const depth = Math.min(line.depth, deepest)
  if (line.kind === 'begin') {
    return html`<tr class="component deep${depth}"><th colspan="2" scope="colgroup">${line.value}</th></tr>`
  }
  const parameters = line.parameters === '' ? '' : html`<br><span class="param">${line.parameters}</span>`
  return html`<tr class="deep${depth}"><th scope="row">${line.name}</th><td>${line.value}${parameters}</td></tr>`
}

function sourceOf(raw: Uint8Array): string {
  const source = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('utf8')
  if (source.length <= sourceCharactersMax) return source
  return `${source.slice(0, sourceCharactersMax)}\n… and more: download the mail to see all of it.`
}
