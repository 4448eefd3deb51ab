import { CloudFailure } from '../failure.ts'
import { CHANGE_CHARACTERS_MAX, CHANGE_ELEMENTS_MAX, type RecordChange, type RecordSet } from '../hosted-zones.ts'

/** RFC 1035 §2.3.4: octets of a label and of a name. Route 53 takes underscores and a leading asterisk too. */
const NAME =
  /^(?=.{1,253}$)(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** Route 53 ResourceRecordSet: highest TTL, and CreateHostedZone: characters of a caller reference. */
const TTL_SECONDS_MAX = 2_147_483_647
const CALLER_REFERENCE_MAX = 128
/** Characters of one string of a TXT value (RFC 1035 §3.3). */
const TEXT_MAX = 255

export function assertZone(input: { readonly callerReference: string; readonly domainName: string }): void {
  if (!DOMAIN.test(input.domainName)) throw CloudFailure.invalid('CreateHostedZone: InvalidDomainName')
  const { length } = input.callerReference
  if (length < 1 || length > CALLER_REFERENCE_MAX) throw CloudFailure.invalid('CreateHostedZone: InvalidInput')
}

/** As Route 53 counts one batch: elements are values, twice for an UPSERT. */
export function assertBatch(domainName: string, changes: readonly RecordChange[]): void {
  if (changes.length === 0) throw refused('a batch has changes')
  const cost = (of: (record: RecordSet) => number) =>
    changes.reduce((sum, { action, record }) => sum + of(record) * (action === 'UPSERT' ? 2 : 1), 0)
  if (cost(({ values }) => values?.length ?? 1) > CHANGE_ELEMENTS_MAX)
    throw refused(`number of records limit of ${CHANGE_ELEMENTS_MAX} exceeded`)
  if (cost(({ values = [] }) => values.join('').length) > CHANGE_CHARACTERS_MAX)
    throw refused(`number of characters limit of ${CHANGE_CHARACTERS_MAX} exceeded`)
  const seen = new Set<string>()
  for (const { action, record } of changes) {
    const name = `${action} ${recordName(record)}`
    if (seen.has(name)) throw refused(`the batch has ${name} twice`)
    seen.add(name)
    assertRecord(domainName, record)
  }
}

function assertRecord(domainName: string, record: RecordSet): void {
  const { name, type } = record
  if (!NAME.test(name)) throw refused(`${name} is not a name`)
  if (name !== domainName && !name.endsWith(`.${domainName}`)) throw refused(`${name} is not in the zone ${domainName}`)
  if (record.alias !== undefined) return
  if (!Number.isInteger(record.ttlSeconds) || record.ttlSeconds < 0 || record.ttlSeconds > TTL_SECONDS_MAX)
    throw refused(`${name} ${type} has no TTL`)
  if (record.values.length === 0) throw refused(`${name} ${type} has no values`)
  if (new Set(record.values).size < record.values.length) throw refused(`${name} ${type} has a value twice`)
  if (type === 'CNAME' && name === domainName) throw refused(`CNAME is not permitted at the apex of ${domainName}`)
  if (type === 'CNAME' && record.values.length > 1) throw refused(`${name} has more than one CNAME`)
  for (const value of record.values) assertValue(type, value)
}

const VALUES: { readonly [type: string]: RegExp } = {
  A: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  AAAA: /^[0-9a-fA-F:.]{2,45}$/,
  CAA: /^\d{1,3} [a-z0-9]+ "[^"]*"$/,
  MX: /^\d{1,5} \S+$/,
  TXT: /^"(?:[^"\\]|\\.)*"(?:\s+"(?:[^"\\]|\\.)*")*$/,
}

function assertValue(type: RecordSet['type'], value: string): void {
  if (VALUES[type]?.test(value) === false) throw refused(`Invalid Resource Record: ${type} ${value}`)
  if (type === 'TXT' && [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].some(([, text = '']) => text.length > TEXT_MAX))
    throw refused('a TXT string has more than 255 characters')
}

/** The records after the batch; throws `cloud.invalid` when one change cannot be made, as all of it then is not. */
export function applied(
  domainName: string,
  before: readonly RecordSet[],
  changes: readonly RecordChange[],
): readonly RecordSet[] {
  const records = new Map(before.map((record) => [recordName(record), record]))
  for (const { action, record } of changes) {
    const known = records.get(recordName(record))
    if (action === 'CREATE' && known !== undefined)
      throw refused(`Tried to create resource record set ${recordName(record)} but it already exists`)
    if (action !== 'DELETE') {
      records.set(recordName(record), record)
      continue
    }
    if (known === undefined)
      throw refused(`Tried to delete resource record set ${recordName(record)} but it was not found`)
    if (!isSame(known, record))
      throw refused(`${recordName(record)}: the values provided do not match the current values`)
    if (isOfZone(domainName, record)) throw refused(`the zone keeps its ${record.type}`)
    records.delete(recordName(record))
  }
  assertCnames([...records.values()])
  return [...records.values()].toSorted((a, b) => (recordName(a) < recordName(b) ? -1 : 1))
}

/** RFC 1034 §3.6.2: where a CNAME is, nothing else is. */
function assertCnames(records: readonly RecordSet[]): void {
  const cnames = new Set(records.filter(({ type }) => type === 'CNAME').map(({ name }) => name))
  const other = records.find(({ name, type }) => type !== 'CNAME' && cnames.has(name))
  if (other !== undefined) throw refused(`RRSet of type CNAME conflicts with ${other.type} ${other.name}`)
}

/** NS and SOA at the zone's own name. */
export function isOfZone(domainName: string, { name, type }: RecordSet): boolean {
  return name === domainName && (type === 'NS' || type === 'SOA')
}

function isSame(a: RecordSet, b: RecordSet): boolean {
  if (a.alias !== undefined || b.alias !== undefined)
    return a.alias?.dnsName === b.alias?.dnsName && a.alias?.hostedZoneId === b.alias?.hostedZoneId
  return a.ttlSeconds === b.ttlSeconds && a.values.toSorted(byText).join('\n') === b.values.toSorted(byText).join('\n')
}

function byText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function recordName({ name, type }: RecordSet): string {
  return `${name} ${type}`
}

function refused(why: string) {
  return CloudFailure.invalid(`ChangeResourceRecordSets: InvalidChangeBatch: ${why}`)
}
