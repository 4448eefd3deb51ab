import { html } from 'hono/html'
import { emptyState, type Markup, page, pager, timeOf } from './layout.ts'
import type { OutboxSource, SentMail } from './outbox-source.ts'
import { type ReadSentMail, readSentMail, type SentKind } from './read-sent-mail.ts'

const mailsPerPage = 30

const badges: { readonly [K in SentKind]: readonly [tone: string, word: string] } = {
  created: ['good', 'Created'],
  failed: ['bad', 'Not created'],
  invitation: ['accent', 'Invitation'],
  update: ['accent', 'Update'],
  cancel: ['warn', 'Cancellation'],
  notice: ['', 'Notice'],
}

export function kindBadge(kind: SentKind): Markup {
  const [tone, word] = badges[kind]
  return html`<span class="badge ${tone}">${word}</span>`
}

/** Newest sent mails as rows; also the start page shows a few. */
export function sentRows(
  mails: readonly { readonly sent: SentMail; readonly read: ReadSentMail }[],
  base: string,
): Markup {
  return html`<ul class="rows">${mails.map(
    ({ sent, read }) => html`<li><a class="row" href="${base}/outbox/${encodeURIComponent(sent.mailerMessageId)}">
${kindBadge(read.kind)}<span class="what">${read.subject}</span>${timeOf(sent.acceptedAt)}
<span class="more">to ${sent.envelopeTo}</span></a></li>`,
  )}</ul>`
}

/** One page of the outbox with every mail read for its subject and kind. */
export async function readOutbox(outbox: OutboxSource, limit: number, cursor?: string) {
  const found = await outbox.list({ limit, ...(cursor === undefined ? {} : { cursor }) })
  const mails = await Promise.all(
    found.mails.map(async (sent) => ({ sent, read: readSentMail(await outbox.raw(sent.mailerMessageId)) })),
  )
  return { mails, ...(found.cursor === undefined ? {} : { cursor: found.cursor }) }
}

/** Every mail the product sent, newest first. */
export async function outboxPage(
  outbox: OutboxSource,
  options: {
    readonly cursor?: string
    readonly createAddress: string
    readonly relayHost?: string
    readonly base: string
  },
): Promise<Markup> {
  const { mails, cursor } = await readOutbox(outbox, mailsPerPage, options.cursor)
  const lead =
    options.relayHost === undefined
      ? 'Mail is kept here instead of being sent out, so that you can try everything without reaching anyone.'
      : `Mail goes out by ${options.relayHost} and is not kept here. These were sent before that was set.`
  const list =
    mails.length === 0
      ? emptyState(
          'Nothing has been sent yet',
          html`<p>Mail an invite to ${options.createAddress} and its answer appears here:</p>
<pre class="wrap"><code>npm run convoke -- mail send samples/google-single-timed.eml --to ${options.createAddress}</code></pre>`,
        )
      : sentRows(mails, options.base)
  return page({
    title: 'Outbox',
    place: '/outbox',
    base: options.base,
    main: html`<h1>Outbox</h1><p class="lead">${lead}</p>
${list}${pager(`${options.base}/outbox`, options.cursor === undefined, cursor)}`,
  })
}
