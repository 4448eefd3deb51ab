import * as z from 'zod'
import { CloudFailure } from '../failure.ts'
import type { HostedZones } from '../hosted-zones.ts'
import { openShelf } from './shelf.ts'
import { digest, hasPassed, isListed, type Simulation } from './simulation.ts'
import { applied, assertBatch, assertZone, isOfZone } from './zone-rules.ts'
import { nameServersOf, openZones, ownRecords, type SimulatedZone, settledZone } from './zone-shelf.ts'

const Change = z.object({ changeId: z.string(), at: z.number() })

/** Route 53 of one account; it knows no regions. */
export function simulateHostedZones(simulation: Simulation, awsAccountId: string): HostedZones {
  const { clock, ids, seconds, limits } = simulation
  const zones = openZones(simulation)
  const changes = openShelf(simulation.table, 'zone-changes', Change)
  const references = openShelf(simulation.table, 'zone-references', z.object({ hostedZoneId: z.string() }))

  const key = (hostedZoneId: string) => `${awsAccountId}/${hostedZoneId}`

  function own(hostedZoneId: string): Promise<SimulatedZone | undefined> {
    return zones.get(key(hostedZoneId))
  }

  function ownOnes(): Promise<readonly SimulatedZone[]> {
    return zones.all(key(''))
  }

  async function changeAt(at: number): Promise<string> {
    const changeId = `C${digest(ids.newToken()).slice(0, 20).toUpperCase()}`
    await changes.insert(changeId, { changeId, at })
    return changeId
  }

  return {
    async create({ callerReference, domainName }) {
      assertZone({ callerReference, domainName })
      const before = await ownOnes()
      // A reference is used up for good, even when its zone is gone.
      if ((await references.get(`${awsAccountId}/${callerReference}`)) !== undefined)
        throw CloudFailure.exists('CreateHostedZone: HostedZoneAlreadyExists')
      if (before.length >= limits.hosted_zones) throw CloudFailure.quota('CreateHostedZone: TooManyHostedZones')
      const hostedZoneId = `Z${digest(awsAccountId, callerReference, ids.newToken()).slice(0, 20).toUpperCase()}`
      if (!(await references.insert(`${awsAccountId}/${callerReference}`, { hostedZoneId })))
        throw CloudFailure.exists('CreateHostedZone: HostedZoneAlreadyExists')
      const nameServers = nameServersOf(hostedZoneId)
      const records = ownRecords(domainName, nameServers)
      const createdAt = clock.now()
      await zones.insert(key(hostedZoneId), {
        hostedZoneId,
        awsAccountId,
        domainName,
        callerReference,
        nameServers,
        tags: {},
        createdAt,
        records,
        served: records,
        underWay: [],
      })
      return { hostedZoneId, domainName, callerReference, nameServers, changeId: await changeAt(createdAt) }
    },
    async find(name) {
      const found = (await ownOnes()).filter((zone) => zone.domainName === name && isListed(simulation, zone.createdAt))
      return found.map(({ hostedZoneId, domainName, callerReference }) => ({
        hostedZoneId,
        domainName,
        callerReference,
      }))
    },
    async read(hostedZoneId) {
      const zone = await own(hostedZoneId)
      if (zone === undefined) return undefined
      const { domainName, callerReference, nameServers } = zone
      return { hostedZoneId, domainName, callerReference, nameServers }
    },
    async tag({ hostedZoneId, tags }) {
      if ((await own(hostedZoneId)) === undefined) throw CloudFailure.gone('ChangeTagsForResource: NoSuchHostedZone')
      await zones.change(key(hostedZoneId), (before) => ({ ...before, tags: { ...before.tags, ...tags } }))
    },
    tagsOf: async (hostedZoneId) => (await own(hostedZoneId))?.tags,
    async changeRecords({ hostedZoneId, changes: batch }) {
      if ((await own(hostedZoneId)) === undefined) throw CloudFailure.gone('ChangeResourceRecordSets: NoSuchHostedZone')
      const at = clock.now()
      const changeId = await changeAt(at)
      const changed = await zones.change(key(hostedZoneId), (before) => {
        const zone = settledZone(simulation, before)
        assertBatch(zone.domainName, batch)
        const records = [...applied(zone.domainName, zone.records, batch)]
        return { ...zone, records, underWay: [...zone.underWay, { changeId, at, records }] }
      })
      if (changed === undefined) throw CloudFailure.gone('ChangeResourceRecordSets: NoSuchHostedZone')
      return { changeId }
    },
    async changeStatus(changeId) {
      const change = await changes.get(changeId)
      if (change === undefined) return undefined
      return hasPassed(simulation, change.at, seconds.dnsChange) ? 'INSYNC' : 'PENDING'
    },
    records: async (hostedZoneId) => (await own(hostedZoneId))?.records,
    async delete(hostedZoneId) {
      const zone = await own(hostedZoneId)
      if (zone === undefined) return
      if (zone.records.some((record) => !isOfZone(zone.domainName, record)))
        throw CloudFailure.in_use('DeleteHostedZone: HostedZoneNotEmpty')
      await zones.remove(key(hostedZoneId))
    },
  }
}
