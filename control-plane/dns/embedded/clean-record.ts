import { isIPv4, isIPv6 } from 'node:net'
import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import { type DnsRecord, RECORD_TYPES } from '../lookups.ts'
import { isPacketName, lowerName } from '../packet/dns-packet.ts'
import { ZoneFailure } from './zone-failure.ts'

/** What a person may enter: SOA is the zone's own. */
export const EDITABLE_TYPES = RECORD_TYPES.filter((type) => type !== 'SOA')

const TTL_SECONDS_MAX = 86_400
const TEXT_BYTES_MAX = 2048
/** A host name or `_service` label, or `*` as the first (RFC 4592). */
const HOST = /^(\*\.)?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/

/** The record as it is stored, its name below the zone and its value in the one spelling; throws `local_zone.bad_record`. */
export function cleanRecord(zoneName: string, record: DnsRecord): DnsRecord {
  const name = lowerName(record.name.trim())
  const { type, ttlSeconds } = record
  if (name !== zoneName && !isBelow(name, zoneName)) throw ZoneFailure.bad_record(`${name} does not lie in ${zoneName}`)
  if (!isHost(name)) throw ZoneFailure.bad_record('the name is not a DNS name')
  if (name === zoneName && (type === 'NS' || type === 'CNAME' || type === 'DS'))
    throw ZoneFailure.bad_record(`${type} cannot be entered at the zone itself`)
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > TTL_SECONDS_MAX)
    throw ZoneFailure.bad_record(`the TTL must be 1 to ${TTL_SECONDS_MAX} seconds`)
  return { name, type, ttlSeconds, value: cleanValue(record) }
}

function isHost(name: string): boolean {
  return HOST.test(name) && isPacketName(name)
}

function cleanValue({ type, value: entered }: DnsRecord): string {
  const value = entered.trim()
  const bad = ZoneFailure.bad_record(`the value does not fit ${type}`)
  switch (type) {
    case 'A':
      if (!isIPv4(value)) throw bad
      return value
    case 'AAAA':
      if (!isIPv6(value) || value.includes('%')) throw bad
      return value
    case 'CNAME':
    case 'NS':
      if (!isHost(lowerName(value))) throw bad
      return lowerName(value)
    case 'MX': {
      const [, preference = '', exchange = ''] = /^(\d{1,5})\s+(\S+)$/.exec(value) ?? []
      if (!isHost(lowerName(exchange)) || Number(preference) > 0xffff) throw bad
      return `${Number(preference)} ${lowerName(exchange)}`
    }
    case 'TXT':
      if (value === '' || /\p{Cc}/u.test(value) || Buffer.byteLength(value) > TEXT_BYTES_MAX) throw bad
      return unquoted(value)
    case 'CAA': {
      const [, flags = '', tag = '', quoted, bare] =
        /^(0|128)\s+(issue|issuewild|iodef)\s+(?:"([^"]*)"|([^"\s]+))$/.exec(value) ?? []
      if (tag === '') throw bad
      return `${flags} ${tag} "${quoted ?? bare ?? ''}"`
    }
    case 'DS': {
      const [, head = '', digest = ''] =
        /^(\d{1,5} \d{1,3} \d{1,3}) ([0-9a-fA-F]{2,128})$/.exec(value.replace(/\s+/g, ' ')) ?? []
      if (digest === '' || digest.length % 2 !== 0) throw bad
      return `${head} ${digest.toLowerCase()}`
    }
    case 'SOA':
      throw bad
  }
}

/** The text of a TXT in zone-file form (`"one" "two"`); text without quotes is what it is. */
export function unquoted(value: string): string {
  if (!/^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/s.test(value)) return value
  const strings = value.match(/"(?:[^"\\]|\\.)*"/gs) ?? []
  return strings
    .map((string) => string.slice(1, -1).replace(/\\(\d{3}|.)/gs, (_, escaped: string) => unescaped(escaped)))
    .join('')
}

/** Route 53 writes what is not printable as three octal digits ("TXT record type" in its guide). */
function unescaped(escaped: string): string {
  return escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : escaped
}
