import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import type { DnsQuestion, DnsRecord } from '../lookups.ts'
import { parentOf } from '../names.ts'

/** A zone as a name server holds it; its own NS and SOA are made from the rest. */
export type Zone = {
  readonly zoneName: string
  readonly nameServers: readonly string[]
  readonly records: readonly DnsRecord[]
}

export type ZoneAnswer =
  | { readonly kind: 'records'; readonly records: readonly DnsRecord[] }
  | { readonly kind: 'alias'; readonly record: DnsRecord }
  | { readonly kind: 'referral'; readonly cut: string; readonly servers: readonly DnsRecord[] }
  /** The name is there, the type is not. */
  | { readonly kind: 'no_data' }
  | { readonly kind: 'no_name' }

const APEX_TTL_SECONDS = 3600
/** How long "there is nothing" is kept: short, so that a record just entered is seen. */
const NEGATIVE_TTL_SECONDS = 60

export function soaOf(zone: Zone): DnsRecord {
  const value = `${zone.nameServers[0] ?? 'ns.invalid'} hostmaster.${zone.zoneName || 'invalid'} 1 7200 900 1209600 ${NEGATIVE_TTL_SECONDS}`
  return { name: zone.zoneName, type: 'SOA', ttlSeconds: NEGATIVE_TTL_SECONDS, value }
}

/** What a server that holds the zone answers (RFC 1034 section 4.3.2, wildcards after RFC 4592). */
export function answerFrom(zone: Zone, question: DnsQuestion): ZoneAnswer {
  const { name, type } = question
  const cut = delegationAbove(zone, question)
  if (cut !== undefined) return { kind: 'referral', cut, servers: recordsAt(zone, cut).filter(isNs) }
  const here = recordsAt(zone, name)
  if (here.length > 0) return pick(here, type)
  if (all(zone).some((record) => isBelow(record.name, name))) return { kind: 'no_data' }
  const wildcard = recordsAt(zone, `*.${closestEncloser(zone, name)}`)
  if (wildcard.length === 0) return { kind: 'no_name' }
  return pick(
    wildcard.map((record) => ({ ...record, name })),
    type,
  )
}

const isNs = (record: DnsRecord): boolean => record.type === 'NS'

function all(zone: Zone): readonly DnsRecord[] {
  const base = { name: zone.zoneName, ttlSeconds: APEX_TTL_SECONDS }
  const apex = zone.nameServers.map((value): DnsRecord => ({ ...base, type: 'NS', value }))
  return [soaOf(zone), ...apex, ...zone.records]
}

function recordsAt(zone: Zone, name: string): readonly DnsRecord[] {
  return all(zone).filter((record) => record.name === name)
}

/** The highest name on the way down that is delegated away. DS at that name belongs to the parent (RFC 4035 section 3.1.4.1). */
function delegationAbove(zone: Zone, { name, type }: DnsQuestion): string | undefined {
  const path: string[] = []
  for (let at = name; isBelow(at, zone.zoneName); at = parentOf(at)) path.unshift(at)
  return path.find((at) => !(at === name && type === 'DS') && recordsAt(zone, at).some(isNs))
}

function pick(here: readonly DnsRecord[], type: DnsQuestion['type']): ZoneAnswer {
  const records = here.filter((record) => record.type === type)
  if (records.length > 0) return { kind: 'records', records }
  const record = here.find((one) => one.type === 'CNAME')
  return record === undefined ? { kind: 'no_data' } : { kind: 'alias', record }
}

function closestEncloser(zone: Zone, name: string): string {
  for (let at = parentOf(name); isBelow(at, zone.zoneName); at = parentOf(at))
    if (all(zone).some((record) => record.name === at || isBelow(record.name, at))) return at
  return zone.zoneName
}
