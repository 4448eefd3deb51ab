import type { RecordSet } from '#control-plane/cloud/hosted-zones.ts'
import { type DnsRecord, RECORD_TYPES, type RecordType } from '../lookups.ts'
import { lowerName } from '../packet/dns-packet.ts'
import { unquoted } from './clean-record.ts'
import type { Zone } from './zone.ts'

/** A zone as the simulated Route 53 holds it. */
export type HostedZoneSource = {
  readonly domainName: string
  readonly nameServers: readonly string[]
  readonly recordSets: readonly RecordSet[]
}

/** Answers of an alias record have the TTL of what they stand for (Route 53, "Choosing between alias and non-alias records"). */
const ALIAS_TTL_SECONDS = 60

/** A hosted zone as the local server answers from it: what an alias stands for is on this machine. */
export function zoneOfHosted(hosted: HostedZoneSource): Zone {
  const zoneName = lowerName(hosted.domainName)
  const records = hosted.recordSets.flatMap(recordsOf)
  const isApex = (record: DnsRecord): boolean =>
    record.name === zoneName && (record.type === 'NS' || record.type === 'SOA')
  return {
    zoneName,
    nameServers: hosted.nameServers.map(lowerName),
    records: records.filter((record) => !isApex(record)),
  }
}

function recordsOf(set: RecordSet): readonly DnsRecord[] {
  const type = RECORD_TYPES.find((known) => known === set.type)
  if (type === undefined) return []
  const name = lowerName(set.name)
  if (set.values === undefined)
    return type === 'A' ? [{ name, type, ttlSeconds: ALIAS_TTL_SECONDS, value: '127.0.0.1' }] : []
  return set.values.map((value) => ({ name, type, ttlSeconds: set.ttlSeconds, value: valueOfSet(type, value) }))
}

function valueOfSet(type: RecordType, value: string): string {
  if (type === 'TXT') return unquoted(value)
  return type === 'CNAME' || type === 'NS' || type === 'MX' ? lowerName(value) : value
}
