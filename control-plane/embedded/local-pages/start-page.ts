import { html } from 'hono/html'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { framed, type Markup } from './frame.ts'

export type LocalFacts = {
  readonly vendorEmail: string
  readonly vendorKeyFile: string
  readonly stripeUrl: string
  readonly dnsPort: number
  /** Of the tenants' own product. */
  readonly tenantsUrl: string
}

/** What the control plane does here, how to try it, and the tenants there are. */
export function startPage(facts: LocalFacts, tenants: readonly Tenant[]): Markup {
  return framed({
    title: 'Start',
    place: '/',
    main: html`<h1>Sell a licence, make a tenant</h1>
<p class="lead">The whole control plane on this machine: its cloud is simulated, its Stripe takes test cards, its name server answers here.</p>
<dl class="facts sheet">
<div><dt>Vendor signs in as</dt><dd><a href="/sign-in">${facts.vendorEmail}</a></dd></div>
<div><dt>Vendor’s key</dt><dd>${facts.vendorKeyFile}</dd></div>
<div><dt>Stripe’s stand-in</dt><dd><a href="${facts.stripeUrl}/double">${facts.stripeUrl}</a></dd></div>
<div><dt>Name server</dt><dd>127.0.0.1:${facts.dnsPort} (UDP, TCP)</dd></div>
</dl>
${tenantRows(tenants)}
<h2>From a licensee to a live domain</h2>
<ol class="steps">
${step('Add a licensee and claim his domain', 'npm run convoke -- licensee add Acme --email pay@acme.example\nnpm run convoke -- tenant add invites.acme.test --licensee LICENSEE')}
${step('Pay the licence', 'npm run convoke -- licence checkout LICENCE', html`The page takes 4242 4242 4242 4242. <code>npm run convoke -- local pay LICENCE</code> does it at once.`)}
${step('See it being set up', 'npm run convoke -- tenant watch TENANT --until person', html`Or open the tenant above, once it is there.`)}
${step('Delegate the domain', 'npm run convoke -- local delegate TENANT', html`Or do it on the page of the <a href="/dns">name servers</a>, as the licensee would at his provider.`)}
${step('Use it', 'npm run convoke -- mail send samples/google-single-timed.eml --to create@invites.acme.test', html`Its mail, API and pages are at <a href="${facts.tenantsUrl}">${facts.tenantsUrl}</a>.`)}
</ol>`,
  })
}

function step(title: string, command: string, more?: Markup): Markup {
  return html`<li class="sheet"><h3>${title}</h3><pre class="wrap"><code>${command}</code></pre>${more === undefined ? '' : html`<p>${more}</p>`}</li>`
}

function tenantRows(tenants: readonly Tenant[]): Markup {
  if (tenants.length === 0)
    return html`<div class="sheet empty"><strong>No tenants yet</strong><p>The steps below make one.</p></div>`
  return html`<h2>Tenants</h2><ul class="rows">${tenants.map(
    ({ tenantId, domainName, state, placement }) => html`<li><a class="row" href="/tenants/${tenantId}">
<span class="badge ${toneOf(state)}">${state.replaceAll('_', ' ')}</span><span class="what">${domainName}</span><span class="more">${placement}, ${tenantId}</span></a></li>`,
  )}</ul>`
}

/** Of the badges in the style sheet. */
export function toneOf(state: Tenant['state']): string {
  if (state === 'live') return 'good'
  if (state === 'suspended' || state === 'degraded' || state === 'update_failed') return 'bad'
  return state === 'awaiting_dns' ? 'warn' : 'accent'
}
