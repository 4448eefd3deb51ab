import { html } from 'hono/html'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { inboundRows } from './inbound-page.ts'
import { emptyState, type Markup, page } from './layout.ts'
import { sentRows } from './outbox-page.ts'
import type { SentMail } from './outbox-source.ts'
import { eventPlaceholder, type ProductFacts } from './product-facts.ts'
import type { ReadSentMail } from './read-sent-mail.ts'

/** A stamped tenant as the list shows it. */
export type TenantLink = {
  readonly tenantId: string
  readonly domainName: string
  /** Of its own start page, without trailing slash. */
  readonly path: string
  readonly licence: { readonly code: string; readonly isWorking: boolean }
}

export type StartPage = {
  readonly facts: ProductFacts
  readonly base: string
  /** Tenants that are stamped on this machine, beside its own. */
  readonly tenants: readonly TenantLink[]
  readonly received: readonly InboundDelivery[]
  readonly sent: readonly { readonly sent: SentMail; readonly read: ReadSentMail }[]
}

/** The newest event takes the placeholder's place, so that a command can be copied as it stands. */
function withLatestEvent(command: string, received: readonly InboundDelivery[]): string {
  const eventId = received.find(({ outcome }) => outcome?.reason === 'created')?.outcome?.eventIds[0]
  return eventId === undefined ? command : command.replaceAll(eventPlaceholder, eventId)
}

/** What Convoke does here, three things to try, and what has happened lately. */
export function startPage({ facts, base, tenants, received, sent }: StartPage): Markup {
  return page({
    title: 'Start',
    place: '/',
    base,
    main: html`<h1>Invite this address, from any calendar</h1>
<code class="address">${facts.createAddress}</code>
<p class="lead">Convoke takes the invite apart, stores the event, and sends a personal, native calendar invite to every person you name. Answers, updates and cancels travel the same way.</p>
${facts.isLoopbackTrusted ? trustNote() : ''}
<dl class="facts sheet">
<div><dt>Domain</dt><dd>${facts.domainName}</dd></div>
<div><dt>Mail comes in at</dt><dd>${facts.smtpAddress} (SMTP)</dd></div>
<div><dt>Mail goes out to</dt><dd>${facts.relayHost === undefined ? html`<a href="${base}/outbox">the outbox</a>` : facts.relayHost}</dd></div>
<div><dt>API</dt><dd>${facts.apiUrl} (<a href="${base}/v1/reference">reference</a>)</dd></div>
</dl>
<h2>${facts.tries.length === 3 ? 'Three' : 'Two'} things to try</h2>
<ol class="steps">${facts.tries.map(
      ({ title, command, result }) =>
        html`<li class="sheet"><h3>${title}</h3><pre class="wrap"><code>${withLatestEvent(command, received)}</code></pre><p>${result}</p></li>`,
    )}</ol>
<div class="heading"><h2>Latest mail in</h2><a href="${base}/inbound">The whole log</a></div>
${received.length === 0 ? emptyState('No mail has come in today', html`<p>The first command above sends a sample invite.</p>`) : inboundRows(received)}
<div class="heading"><h2>Latest mail out</h2><a href="${base}/outbox">The whole outbox</a></div>
${sent.length === 0 ? emptyState('Nothing has been sent yet', html`<p>Every mail that Convoke sends can be read here.</p>`) : sentRows(sent, base)}${tenantList(tenants)}`,
  })
}

function tenantList(tenants: readonly TenantLink[]): Markup | '' {
  if (tenants.length === 0) return ''
  return html`<div class="heading"><h2>Tenants on this machine</h2></div>
<ul class="rows">${tenants.map(
    ({ domainName, tenantId, path, licence }) => html`<li><a class="row" href="${path}/">
<span class="badge ${licence.isWorking ? 'good' : 'warn'}">${licence.code}</span><span class="what">${domainName}</span>
<span class="more">${tenantId}</span></a></li>`,
  )}</ul>`
}

function trustNote(): Markup {
  return html`<p class="note"><strong>Development setting:</strong> mail sent from this machine is believed to be from whoever its From line names. Set <code>CONVOKE_TRUST_LOOPBACK=off</code> to have every sender proved by SPF, DKIM and DMARC.</p>`
}
