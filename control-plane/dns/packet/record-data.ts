import type { Answer, BaseAnswer, SoaData, TxtData } from 'dns-packet'
import type { DnsRecord } from '../lookups.ts'

/** A TXT string has one byte for its length (RFC 1035 section 3.3.14). */
const TXT_STRING_BYTES = 255

/** A record's value as text; undefined for types we do not read. */
export function dataText(answer: Answer): string | undefined {
  if (answer.type === 'A' || answer.type === 'AAAA') return answer.data
  if (answer.type === 'CNAME' || answer.type === 'NS') return plainName(answer.data)
  if (answer.type === 'MX') return `${answer.data.preference ?? 0} ${plainName(answer.data.exchange)}`
  if (answer.type === 'TXT') return textOf(answer.data)
  if (answer.type === 'CAA') return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`
  if (answer.type === 'DS') {
    const { keyTag, algorithm, digestType, digest } = answer.data
    return `${keyTag} ${algorithm} ${digestType} ${digest.toString('hex')}`
  }
  return answer.type === 'SOA' ? soaText(answer.data) : undefined
}

function soaText(soa: SoaData): string {
  const numbers = [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum].map((number) => number ?? 0)
  return [plainName(soa.mname), plainName(soa.rname), ...numbers].join(' ')
}

/** Lower case, without the final dot; `.` stays what it is (RFC 7505: MX 0 `.` takes no mail). */
function plainName(name: string): string {
  return name === '.' || name === '' ? '.' : name.replace(/\.$/, '').toLowerCase()
}

/** Strings are joined before they are decoded: a character may lie across two. */
function textOf(data: TxtData): string {
  const parts = Array.isArray(data) ? data : [data]
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))).toString('utf8')
}

/** A record as dns-packet takes it; the reverse of `dataText`. */
export function dataFrom(record: DnsRecord): Answer {
  const { type, value } = record
  const base = { name: record.name === '' ? '.' : record.name, ttl: record.ttlSeconds, class: 'IN' } as const
  const words = value.split(/\s+/)
  const number = (at: number): number => Number(words[at] ?? 0)
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS': {
      const answer: BaseAnswer<typeof type, string> = { ...base, type, data: value }
      return answer
    }
    case 'MX':
      return { ...base, type, data: { preference: number(0), exchange: words[1] ?? '.' } }
    case 'TXT':
      return { ...base, type, data: textStrings(value) }
    case 'CAA':
      return { ...base, type, data: caaOf(value) }
    case 'DS':
      return {
        ...base,
        type,
        data: {
          keyTag: number(0),
          algorithm: number(1),
          digestType: number(2),
          digest: Buffer.from(words[3] ?? '', 'hex'),
        },
      }
    case 'SOA':
      return {
        ...base,
        type,
        data: {
          mname: words[0] ?? '.',
          rname: words[1] ?? '.',
          serial: number(2),
          refresh: number(3),
          retry: number(4),
          expire: number(5),
          minimum: number(6),
        },
      }
  }
}

function textStrings(value: string): Buffer[] {
  const bytes = Buffer.from(value, 'utf8')
  const strings: Buffer[] = []
  for (let at = 0; at < bytes.length || at === 0; at += TXT_STRING_BYTES)
    strings.push(bytes.subarray(at, at + TXT_STRING_BYTES))
  return strings
}

const CAA = /^(\d+)\s+(issue|issuewild|iodef)\s+"?([^"]*)"?$/

function caaOf(value: string) {
  const [, flags = '0', tag = 'issue', text = ''] = CAA.exec(value) ?? []
  const known = tag === 'issuewild' || tag === 'iodef' ? tag : 'issue'
  return { flags: Number(flags), tag: known, value: text, issuerCritical: Number(flags) >= 128 } as const
}
