import { html } from 'hono/html'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { inboundRows } from './inbound-page.ts'
import { emptyState, type Markup, page } from './layout.ts'
import { sentRows } from './outbox-page.ts'
import type { SentMail } from './outbox-source.ts'
import { eventPlaceholder, type ProductFacts } from './product-facts.ts'
import type { ReadSentMail } from './read-sent-mail.ts'

export type StartPage = {
  readonly facts: ProductFacts
  readonly received: readonly InboundDelivery[]
  readonly sent: readonly { readonly sent: SentMail; readonly read: ReadSentMail }[]
}

/** The newest event takes the placeholder's place, so that a command can be copied as it stands. */
function withLatestEvent(command: string, received: readonly InboundDelivery[]): string {
  const eventId = received.find(({ outcome }) => outcome?.reason === 'created')?.outcome?.eventIds[0]
  return eventId === undefined ? command : command.replaceAll(eventPlaceholder, eventId)
}

/** What Convoke does here, three things to try, and what has happened lately. */
export function startPage({ facts, received, sent }: StartPage): Markup {
  return page({
    title: 'Start',
    place: '/',
    main: html`<h1>Invite this address, from any calendar</h1>
<code class="address">${facts.createAddress}</code>
<p class="lead">Convoke takes the invite apart, stores the event, and sends a personal, native calendar invite to every person you name. Answers, updates and cancels travel the same way.</p>
${facts.isLoopbackTrusted ? trustNote() : ''}
<dl class="facts sheet">
<div><dt>Domain</dt><dd>${facts.domainName}</dd></div>
<div><dt>Mail comes in at</dt><dd>${facts.smtpAddress} (SMTP)</dd></div>
<div><dt>Mail goes out to</dt><dd>${facts.relayHost === undefined ? html`<a href="/outbox">the outbox</a>` : facts.relayHost}</dd></div>
<div><dt>API</dt><dd>${facts.apiUrl}</dd></div>
</dl>
<h2>Three things to try</h2>
<ol class="steps">${facts.tries.map(
      ({ title, command, result }) =>
        html`<li class="sheet"><h3>${title}</h3><pre class="wrap"><code>${withLatestEvent(command, received)}</code></pre><p>${result}</p></li>`,
    )}</ol>
<div class="heading"><h2>Latest mail in</h2><a href="/inbound">The whole log</a></div>
${received.length === 0 ? emptyState('No mail has come in today', html`<p>The first command above sends a sample invite.</p>`) : inboundRows(received)}
<div class="heading"><h2>Latest mail out</h2><a href="/outbox">The whole outbox</a></div>
${sent.length === 0 ? emptyState('Nothing has been sent yet', html`<p>Every mail that Convoke sends can be read here.</p>`) : sentRows(sent)}`,
  })
}

function trustNote(): Markup {
  return html`<p class="note"><strong>Development setting:</strong> mail sent from this machine is believed to be from whoever its From line names. Set <code>CONVOKE_TRUST_LOOPBACK=off</code> to have every sender proved by SPF, DKIM and DMARC.</p>`
}
