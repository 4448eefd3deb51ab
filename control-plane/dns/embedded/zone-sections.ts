import { html } from 'hono/html'
import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import type { DnsRecord } from '../lookups.ts'
import { EDITABLE_TYPES } from './clean-record.ts'
import type { HostedZoneSource } from './hosted-zone.ts'
import type { Markup } from './page-layout.ts'
import type { Zone } from './zone.ts'

/** What providers put into their forms. */
const DEFAULT_TTL_SECONDS = 300

/** The one action a licensee has to take: each hosted zone with a button. */
export function delegationSection(
  hosted: readonly HostedZoneSource[],
  zones: readonly Zone[],
  basePath: string,
): Markup {
  const body =
    hosted.length === 0
      ? html`<div class="sheet"><p>No zone has been made yet.</p><p class="quiet">When provisioning has made the zone of a domain, the domain appears here with the four name servers to delegate it to.</p></div>`
      : html`${hosted.map((zone) => delegationSheet(zone, zones, basePath))}`
  return html`<section aria-labelledby="delegations"><h2 id="delegations">Domains to delegate</h2>${body}</section>`
}

function delegationSheet(hosted: HostedZoneSource, zones: readonly Zone[], basePath: string): Markup {
  const { domainName, nameServers } = hosted
  const state = delegationState(hosted, zones)
  const fields = html`<input type="hidden" name="domainName" value="${domainName}">${nameServers.map((name) => html`<input type="hidden" name="nameServer" value="${name}">`)}`
  const button =
    state === 'delegated'
      ? html`<form method="post" action="${basePath}/undelegate">${html`<input type="hidden" name="domainName" value="${domainName}">`}<button class="plain">Take the delegation of ${domainName} away</button></form>`
      : html`<form method="post" action="${basePath}/delegate">${fields}<button>Delegate ${domainName} to these ${nameServers.length} servers</button></form>`
  const badge = {
    delegated: html`<span class="badge good">Delegated</span>`,
    other: html`<span class="badge bad">Delegated elsewhere</span>`,
    none: html`<span class="badge warn">Not delegated</span>`,
  }[state]
  return html`<div class="sheet"><div class="head"><h3>${domainName}</h3>${badge}</div>
<ul class="servers">${nameServers.map((name) => html`<li><code>${name}</code></li>`)}</ul>${button}</div>`
}

function delegationState(hosted: HostedZoneSource, zones: readonly Zone[]): 'delegated' | 'other' | 'none' {
  const [above] = zones
    .filter((zone) => isBelow(hosted.domainName, zone.zoneName))
    .toSorted((a, b) => b.zoneName.length - a.zoneName.length)
  const servers = (above?.records ?? [])
    .filter((record) => record.type === 'NS' && record.name === hosted.domainName)
    .map((record) => record.value)
  if (servers.length === 0) return 'none'
  const isSame =
    servers.length === hosted.nameServers.length && servers.every((name) => hosted.nameServers.includes(name))
  return isSame ? 'delegated' : 'other'
}

/** The zones of the licensee's provider, with their records and forms. */
export function zonesSection(zones: readonly Zone[], basePath: string): Markup {
  const sheets =
    zones.length === 0
      ? html`<div class="sheet"><p>There are no zones yet.</p><p class="quiet">Delegating a domain makes the zone above it; you can also add one.</p></div>`
      : html`${zones.map((zone) => zoneSheet(zone, basePath))}`
  return html`<section aria-labelledby="zones"><h2 id="zones">Zones at the provider</h2>${sheets}
<div class="sheet"><h3>Add a zone</h3><form class="fields" method="post" action="${basePath}/zones">
<label class="wide">Zone name<input name="zoneName" required autocapitalize="none" autocomplete="off" spellcheck="false" placeholder="example.com"></label>
<button>Add the zone</button></form></div></section>`
}

function zoneSheet(zone: Zone, basePath: string): Markup {
  const { zoneName, records } = zone
  const rows =
    records.length === 0
      ? html`<p class="quiet">No records yet.</p>`
      : html`<div class="scroll"><table><caption class="hidden">Records of ${zoneName}</caption><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">TTL</th><th scope="col">Value</th><th scope="col"><span class="hidden">Action</span></th></tr></thead>
<tbody>${records.toSorted(byName).map((record) => recordRow(zoneName, record, basePath))}</tbody></table></div>`
  return html`<div class="sheet"><div class="head"><h3>${zoneName}</h3><form method="post" action="${basePath}/zones/remove"><input type="hidden" name="zoneName" value="${zoneName}"><button class="plain">Remove zone<span class="hidden"> ${zoneName}</span></button></form></div>
${rows}${recordForm(zoneName, basePath)}</div>`
}

function byName(a: DnsRecord, b: DnsRecord): number {
  return `${a.name} ${a.type} ${a.value}` < `${b.name} ${b.type} ${b.value}` ? -1 : 1
}

function recordRow(zoneName: string, record: DnsRecord, basePath: string): Markup {
  const { name, type, ttlSeconds, value } = record
  return html`<tr><td class="name">${name}</td><td class="type">${type}</td><td class="ttl">${ttlSeconds} s</td><td>${value}</td>
<td class="act"><form method="post" action="${basePath}/records/remove"><input type="hidden" name="zoneName" value="${zoneName}"><input type="hidden" name="name" value="${name}"><input type="hidden" name="type" value="${type}"><input type="hidden" name="ttlSeconds" value="${ttlSeconds}"><input type="hidden" name="value" value="${value}"><button class="plain">Remove<span class="hidden"> ${type} of ${name}</span></button></form></td></tr>`
}

function recordForm(zoneName: string, basePath: string): Markup {
  return html`<form class="fields" method="post" action="${basePath}/records" aria-label="Add a record to ${zoneName}">
<input type="hidden" name="zoneName" value="${zoneName}">
<label class="wide">Name (full)<input name="name" required value="${zoneName}" autocapitalize="none" autocomplete="off" spellcheck="false"></label>
<label>Type<select name="type">${EDITABLE_TYPES.map((type) => html`<option>${type}</option>`)}</select></label>
<label>TTL (seconds)<input name="ttlSeconds" required inputmode="numeric" pattern="[0-9]+" value="${DEFAULT_TTL_SECONDS}"></label>
<label class="wide">Value<input name="value" required autocapitalize="none" autocomplete="off" spellcheck="false"></label>
<button>Add the record</button></form>`
}
