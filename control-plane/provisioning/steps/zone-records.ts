import type { RecordChange, RecordSet } from '#control-plane/cloud/hosted-zones.ts'
import type { ExpectedRecord } from '#control-plane/dns/expected-records.ts'
import { factOf, pollAt, type Step, type Work } from '../step.ts'
import { recordsOf } from './domain-records.ts'
import { isOurZone } from './make-zone.ts'

/** Short while a domain is set up: a mistake is mended in minutes. */
const TTL_SECONDS = 300

/** All records of a domain in its zone, in one batch of UPSERTs. */
export const writeRecords: Step = {
  name: 'write_records',
  sentence: 'We write the records of your domain.',
  vendorSentence: 'Route 53: one batch of records.',
  async ensure(work) {
    const hostedZoneId = factOf(work, 'hostedZoneId')
    const changes = (await wanted(work)).map((record): RecordChange => ({ action: 'UPSERT', record }))
    return work.call('route53', (cloud) => cloud.hostedZones.changeRecords({ hostedZoneId, changes }))
  },
  async observe(work) {
    const hostedZoneId = factOf(work, 'hostedZoneId')
    const found = await work.call('route53', (cloud) => cloud.hostedZones.records(hostedZoneId))
    if (found === undefined) return { kind: 'redo', from: 'make_zone', because: 'the zone is gone' }
    const there = new Set(found.map(textOf))
    return (await wanted(work)).every((record) => there.has(textOf(record))) ? { kind: 'done' } : { kind: 'absent' }
  },
}

export const watchRecords: Step = {
  name: 'watch_records',
  sentence: 'We wait until every name server has the records.',
  vendorSentence: 'Route 53: waiting for INSYNC.',
  async observe(work) {
    const { changeId } = work.facts
    // Found written by an earlier worker, whose answer nobody kept: our own look at the records comes next anyway.
    if (changeId === undefined) return { kind: 'done' }
    const status = await work.call('route53', (cloud) => cloud.hostedZones.changeStatus(changeId))
    if (status === 'PENDING') return { kind: 'waiting', waitsFor: 'zone', whoActs: 'nobody', nextAt: pollAt(work) }
    return { kind: 'done', domain: { events: ['records_served', 'identity_asked'], isClaimProven: true } }
  },
}

async function wanted({ ctx, tenant, facts }: Work): Promise<readonly RecordSet[]> {
  return recordSetsOf(await recordsOf(ctx, tenant, facts))
}

/** Values of one name and type are one record set. */
export function recordSetsOf(records: readonly ExpectedRecord[]): readonly RecordSet[] {
  const sets = new Map<string, { name: string; type: ExpectedRecord['type']; values: string[] }>()
  for (const { name, type, value } of records) {
    const key = `${name} ${type}`
    const one = sets.get(key) ?? { name, type, values: [] }
    one.values.push(type === 'TXT' ? quoted(value) : value)
    sets.set(key, one)
  }
  return [...sets.values()].map((one) => ({ ...one, ttlSeconds: TTL_SECONDS }))
}

/** RFC 1035 §3.3: strings of a TXT are at most 255 octets; Route 53 wants them quoted. */
function quoted(text: string): string {
  const parts = text.match(/.{1,255}/gs) ?? ['']
  return parts.map((part) => `"${part.replace(/(["\\])/g, '\\$1')}"`).join(' ')
}

function textOf({ name, type, values }: RecordSet): string {
  return JSON.stringify([name, type, values?.toSorted()])
}

/** The zone's own records, which no zone is without. */
function isOfZone({ name, type }: RecordSet, zoneName: string): boolean {
  return name === zoneName && (type === 'NS' || type === 'SOA')
}

/** By inventory: whatever stands in the zone, also what others put there. */
export const emptyZone: Step = {
  name: 'empty_zone',
  sentence: 'The records of your domain are removed.',
  vendorSentence: 'Route 53: all records deleted, by what the zone lists.',
  async ensure(work) {
    const hostedZoneId = factOf(work, 'hostedZoneId')
    const changes = (await others(work, hostedZoneId)).map((record): RecordChange => ({ action: 'DELETE', record }))
    return work.call('route53', (cloud) => cloud.hostedZones.changeRecords({ hostedZoneId, changes }))
  },
  async observe(work) {
    const { hostedZoneId } = work.facts
    // One that is not ours is left whole; the next step says so.
    if (hostedZoneId === undefined || !(await isOurZone(work, hostedZoneId))) return { kind: 'done' }
    return (await others(work, hostedZoneId)).length === 0 ? { kind: 'done' } : { kind: 'absent' }
  },
}

async function others(work: Work, hostedZoneId: string): Promise<readonly RecordSet[]> {
  const found = await work.call('route53', (cloud) => cloud.hostedZones.records(hostedZoneId))
  return (found ?? []).filter((record) => !isOfZone(record, work.tenant.domainName))
}
