import { html } from 'hono/html'
import type { TenantState } from '#control-plane/core/tenant/tenant.ts'
import type { Html } from '../sign-in/pages/page.ts'
import type { LicencePage } from './read-licence.ts'
import { actForm, copyable, minuteText } from './texts.ts'

type Domain = NonNullable<LicencePage['domain']>
type DnsRecord = Domain['records'][number]

const STATE_WORDS: Readonly<Record<DnsRecord['state'], string>> = {
  unknown: 'Not looked at yet',
  waiting: 'Not seen yet',
  ok: 'As it should be',
  wrong: 'Wrong',
  cannot_check: 'Could not be looked at',
}

const BEFORE_DNS: readonly TenantState[] = ['registered', 'paid', 'placing', 'provisioning']

/** What DNS has to say of the domain, what it says, and what the licensee enters. */
export function domainPart({ licence, tenantState, domain, acts }: LicencePage): Html {
  if (domain === undefined)
    return !BEFORE_DNS.includes(tenantState)
      ? html``
      : html`<h2>Domain</h2>
<p class="soft">Nothing is to be entered in DNS yet. When it is time, the records are shown here, and we mail you.</p>`
  const open = domain.records.filter(({ state }) => state !== 'ok')
  const theirs = open.filter(({ who_acts }) => who_acts === 'licensee')
  const fine = domain.records.filter(({ state }) => state === 'ok')
  return html`<h2 id="domain">Domain</h2>
${open.length === 0 && fine.length > 0 ? html`<p>All records are as they should be.</p>` : ''}
${theirs.length > 0 || domain.records.length === 0 ? instructions(domain) : ''}
<div class="acts">${acts.manageDomain && domain.records.length > 0 ? actForm(`/licences/${licence.licenceId}/check-now`, 'Check now') : ''}
<span class="soft">${domain.last_look_at === undefined ? 'Not looked at yet.' : html`Last look ${minuteText(domain.last_look_at)}.`}</span></div>
${theirs.map(recordPart)}
${folded(
  open.filter((record) => !theirs.includes(record)),
  'not there yet, but not yours to enter',
)}
${folded(fine, 'as it should be')}`
}

function folded(records: readonly DnsRecord[], standing: string): Html {
  if (records.length === 0) return html``
  return html`<details><summary>${records.length} ${standing}</summary>${records.map(recordPart)}</details>`
}

function instructions({ instructions: lines, name_servers, dns_mode, records }: Domain): Html {
  return html`<ol>${lines.map((line) => html`<li>${line}</li>`)}</ol>
${dns_mode === 'delegated' && records.length === 0 && name_servers.length > 0 ? html`<p>The name servers: ${spaced(name_servers)}</p>` : ''}
${name_servers.length + records.length > 0 ? html`<p class="soft">One press on a value marks all of it, to copy.</p>` : ''}`
}

function recordPart(record: DnsRecord): Html {
  const { relative_name, name, type, state, expected, found, sentence, who_acts } = record
  return html`<section><h3>${type} ${name}</h3>
<p><span class="state ${state === 'ok' ? 'good' : state === 'wrong' ? 'bad' : 'waits'}">${STATE_WORDS[state]}</span> ${sentence} ${state !== 'ok' && who_acts === 'vendor' ? html`<span class="soft">This one is ours to mend.</span>` : ''}</p>
<dl class="facts">
<dt>Name</dt><dd>${copyable(relative_name)}${relative_name === name ? '' : html` <span class="soft">or in full</span> ${copyable(name)}`}</dd>
<dt>Expected</dt><dd>${expected.length === 0 ? 'nothing' : spaced(expected)}</dd>
<dt>Found</dt><dd>${found.length === 0 ? 'nothing' : spaced(found)}</dd>
</dl></section>`
}

function spaced(values: readonly string[]): Html[] {
  return values.map((value) => html`${copyable(value)} `)
}
