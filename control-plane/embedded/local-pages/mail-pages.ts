import { html } from 'hono/html'
import { decodeWords } from '#shared/imip/read/encoded-words.ts'
import { isDeclined } from '#shared/imip/read/mail-part.ts'
import { scanMessage } from '#shared/imip/read/scan-message.ts'
import { framed, type Markup, timeOf } from './frame.ts'

/** What the pages show of a sent mail without its bytes. */
export type SentMail = {
  readonly mailerMessageId: string
  readonly envelopeTo: string
  /** Epoch milliseconds. */
  readonly acceptedAt: number
}

/** The reading side of the control plane's outbox. */
export interface MailSource {
  /** Newest first. */
  list(options: {
    readonly limit: number
    readonly cursor?: string
  }): Promise<{ readonly mails: readonly SentMail[]; readonly cursor?: string }>
  get(mailerMessageId: string): Promise<SentMail | undefined>
  raw(mailerMessageId: string): Promise<Uint8Array>
}

type Read = { readonly subject: string; readonly text: string }

const MAILS_A_PAGE = 30
/** An address in a text, up to what cannot be part of it. */
const LINK = /https?:\/\/[^\s<>"]+/g

/** Every mail of the control plane, newest first. */
export async function mailList(source: MailSource, cursor: string | undefined): Promise<Markup> {
  const page = await source.list({ limit: MAILS_A_PAGE, ...(cursor === undefined ? {} : { cursor }) })
  const rows = await Promise.all(
    page.mails.map(async (sent) => ({ sent, read: readMail(await source.raw(sent.mailerMessageId)) })),
  )
  const list =
    rows.length === 0
      ? html`<div class="sheet empty"><strong>Nothing has been sent yet</strong><p>Links to sign in, instructions and reminders appear here instead of being sent out.</p></div>`
      : html`<ul class="rows">${rows.map(
          ({ sent, read }) => html`<li><a class="row" href="/mail/${encodeURIComponent(sent.mailerMessageId)}">
<span class="what">${read.subject}</span>${timeOf(sent.acceptedAt)}<span class="more">to ${sent.envelopeTo}</span></a></li>`,
        )}</ul>`
  const older =
    page.cursor === undefined
      ? ''
      : html`<nav class="pager" aria-label="Pages"><span></span><a rel="next" href="/mail?after=${encodeURIComponent(page.cursor)}">Older →</a></nav>`
  return framed({ title: 'Mail', place: '/mail', main: html`<h1>Mail</h1>${list}${older}` })
}

/** One mail as its text says it; addresses in it are links. Undefined when there is no such mail. */
export async function mailPage(source: MailSource, mailerMessageId: string): Promise<Markup | undefined> {
  const sent = await source.get(mailerMessageId)
  if (sent === undefined) return undefined
  const read = readMail(await source.raw(mailerMessageId))
  return framed({
    title: read.subject,
    place: '/mail',
    main: html`<p><a href="/mail">← Mail</a></p><h1>${read.subject}</h1>
<dl class="mail-head"><dt>To</dt><dd>${sent.envelopeTo}</dd><dt>Sent</dt><dd>${timeOf(sent.acceptedAt)}</dd></dl>
<pre class="wrap">${withLinks(read.text)}</pre>`,
  })
}

/** Subject and text of one of our own mails. */
export function readMail(raw: Uint8Array): Read {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const head = bytes.toString('latin1', 0, Math.max(0, bytes.indexOf('\r\n\r\n'))).replace(/\r\n[ \t]+/g, ' ')
  const subject = /^subject:(.*)$/im.exec(head)?.[1] ?? ''
  const scanned = scanMessage(bytes)
  return {
    subject: decodeWords(subject.trim()) || '(no subject)',
    text: (isDeclined(scanned) ? undefined : scanned.text) ?? 'This mail has no text.',
  }
}

function withLinks(text: string): Markup {
  const parts: (string | Markup)[] = []
  let at = 0
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(at, found.index), html`<a href="${found[0]}">${found[0]}</a>`)
    at = found.index + found[0].length
  }
  return html`${[...parts, text.slice(at)]}`
}
