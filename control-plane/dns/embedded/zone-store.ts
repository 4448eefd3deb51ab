import { createHash } from 'node:crypto'
import { getDomain } from 'tldts'
import * as z from 'zod'
import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import type { Table, TableItem, WriteOperation } from '#shared/platform/table.ts'
import { type DnsRecord, RECORD_TYPES } from '../lookups.ts'
import { parentOf } from '../names.ts'
import { lowerName } from '../packet/dns-packet.ts'
import { cleanRecord } from './clean-record.ts'
import type { Zone } from './zone.ts'
import { ZoneFailure } from './zone-failure.ts'

/** Everything lies in one partition: it is a hand's count of zones of one machine. */
const PARTITION = 'local-dns'
/** Made-up name servers of all zones entered here. */
export const PARENT_SERVERS: readonly string[] = ['ns1.local-dns.example', 'ns2.local-dns.example']
const NS_TTL_SECONDS = 300
const PAGE_ROWS = 500

const ZoneRow = z.object({ zoneName: z.string() })
const RecordRow = z.object({
  zoneName: z.string(),
  name: z.string(),
  type: z.enum(RECORD_TYPES),
  ttlSeconds: z.number(),
  value: z.string(),
})

/** Zones that a licensee would have at his DNS provider, durable in a table. Every change may be made twice. */
export type ZoneStore = ReturnType<typeof createZoneStore>

export function createZoneStore(table: Table) {
  async function rows(prefix: string): Promise<readonly TableItem[]> {
    const items: TableItem[] = []
    let cursor: string | undefined
    do {
      const page = await table.query({
        pk: PARTITION,
        sk: { beginsWith: prefix },
        limit: PAGE_ROWS,
        ...(cursor === undefined ? {} : { cursor }),
      })
      items.push(...page.items)
      cursor = page.cursor
    } while (cursor !== undefined)
    return items
  }

  async function listZones(): Promise<readonly Zone[]> {
    const [zones, records] = await Promise.all([rows('zone#'), rows('record#')])
    const parsed = records.map((row) => RecordRow.parse(row))
    return zones.map((row) => {
      const { zoneName } = ZoneRow.parse(row)
      const own = parsed.filter((record) => record.zoneName === zoneName)
      const recordsOfZone = own.map(({ name, type, ttlSeconds, value }) => ({ name, type, ttlSeconds, value }))
      return { zoneName, nameServers: PARENT_SERVERS, records: recordsOfZone }
    })
  }

  async function zoneNamed(zoneName: string): Promise<Zone> {
    const zone = (await listZones()).find((one) => one.zoneName === zoneName)
    if (zone === undefined) throw ZoneFailure.no_such_zone(`there is no zone ${zoneName}`)
    return zone
  }

  return {
    listZones,
    /** Adds a zone; one that is there stays as it is. */
    async addZone(entered: string): Promise<string> {
      const zoneName = lowerName(entered.trim())
      if (zoneName === '') throw ZoneFailure.bad_zone('enter the name of a zone')
      cleanRecord(zoneName, { name: zoneName, type: 'TXT', ttlSeconds: 1, value: 'a name' })
      await table.write({ kind: 'put', item: zoneRow(zoneName) })
      return zoneName
    },
    async removeZone(zoneName: string): Promise<void> {
      const zone = await zoneNamed(zoneName)
      for (const record of zone.records) await table.write(deletion(zoneName, record))
      await table.write({ kind: 'delete', key: zoneRow(zoneName) })
    },
    async addRecord(zoneName: string, entered: DnsRecord): Promise<void> {
      const zone = await zoneNamed(zoneName)
      const record = cleanRecord(zoneName, entered)
      assertAlone(zone, record)
      await table.write(addition(zoneName, record))
    },
    async removeRecord(zoneName: string, record: DnsRecord): Promise<void> {
      await table.write(deletion(zoneName, record))
    },
    /** Replaces the name's NS records in the zone above by these (none: takes them away), making that zone when there is none. */
    async delegate(input: { readonly domainName: string; readonly nameServers: readonly string[] }): Promise<string> {
      const domainName = lowerName(input.domainName)
      const zones = await listZones()
      const above = zones.filter((zone) => isBelow(domainName, zone.zoneName))
      const [deepest] = above.toSorted((a, b) => b.zoneName.length - a.zoneName.length)
      const zone = deepest ?? { zoneName: providerZone(domainName), nameServers: PARENT_SERVERS, records: [] }
      const records = input.nameServers.map((value) =>
        cleanRecord(zone.zoneName, { name: domainName, type: 'NS', ttlSeconds: NS_TTL_SECONDS, value }),
      )
      for (const record of records) assertAlone(zone, record)
      const old = zone.records.filter((record) => record.name === domainName && record.type === 'NS')
      const gone = old.filter((record) => !records.some((one) => one.value === record.value))
      await table.transact([
        { kind: 'put', item: zoneRow(zone.zoneName) },
        ...records.map((record) => addition(zone.zoneName, record)),
        ...gone.map((record) => deletion(zone.zoneName, record)),
      ])
      return zone.zoneName
    },
  }
}

/** The zone that a provider would hold: the registrable name, or what lies above when the name is that itself. */
function providerZone(domainName: string): string {
  const registrable = getDomain(domainName)
  const zoneName = registrable !== null && registrable !== domainName ? registrable : parentOf(domainName)
  if (zoneName === '') throw ZoneFailure.bad_zone(`${domainName} has no zone above it`)
  return zoneName
}

function zoneRow(zoneName: string) {
  return { pk: PARTITION, sk: `zone#${zoneName}`, zoneName }
}

function recordKey(zoneName: string, { name, type, value }: DnsRecord) {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, type, value]))
    .digest('hex')
  return { pk: PARTITION, sk: `record#${zoneName}#${digest}` }
}

function addition(zoneName: string, record: DnsRecord): WriteOperation {
  return { kind: 'put', item: { ...recordKey(zoneName, record), zoneName, ...record } }
}

function deletion(zoneName: string, record: DnsRecord): WriteOperation {
  return { kind: 'delete', key: recordKey(zoneName, record) }
}

function assertAlone(zone: Zone, record: DnsRecord): void {
  const others = zone.records.filter((one) => one.name === record.name && one.value !== record.value)
  if (others.some((one) => (one.type === 'CNAME') !== (record.type === 'CNAME') || one.type === 'CNAME'))
    throw ZoneFailure.cname_conflict(`a CNAME stands alone: ${record.name} has other records`)
}
