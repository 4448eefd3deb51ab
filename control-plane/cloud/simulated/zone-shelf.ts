import * as z from 'zod'
import { RECORD_TYPES, type RecordSet } from '../hosted-zones.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { digest, hasPassed, type Simulation } from './simulation.ts'

const Shared = { name: z.string(), type: z.enum(RECORD_TYPES) }
const Records = z
  .array(
    z.union([
      z.object({ ...Shared, ttlSeconds: z.number(), values: z.array(z.string()).readonly() }),
      z.object({ ...Shared, alias: z.object({ dnsName: z.string(), hostedZoneId: z.string() }) }),
    ]),
  )
  .readonly()

export const SimulatedZone = z.object({
  hostedZoneId: z.string(),
  awsAccountId: z.string(),
  domainName: z.string(),
  callerReference: z.string(),
  nameServers: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  createdAt: z.number(),
  /** As the API shows them, which is at once. */
  records: Records,
  /** As the name servers answer. */
  served: Records,
  /** What they do not answer yet. */
  underWay: z.array(z.object({ changeId: z.string(), at: z.number(), records: Records })),
})
export type SimulatedZone = z.infer<typeof SimulatedZone>

export function openZones({ table }: Simulation): Shelf<SimulatedZone> {
  return openShelf(table, 'zones', SimulatedZone)
}

/** The zone as it stands now: changes whose time has come are served. */
export function settledZone(simulation: Simulation, zone: SimulatedZone): SimulatedZone {
  const isDone = ({ at }: { readonly at: number }) => hasPassed(simulation, at, simulation.seconds.dnsChange)
  const done = zone.underWay.filter(isDone)
  if (done.length === 0) return zone
  return { ...zone, served: done.at(-1)?.records ?? zone.served, underWay: zone.underWay.filter((one) => !isDone(one)) }
}

const ENDINGS = ['com', 'net', 'org', 'co.uk']

/** Four of one zone; another zone of the same name has others. */
export function nameServersOf(hostedZoneId: string): string[] {
  return ENDINGS.map((ending, at) => {
    const number = Number.parseInt(digest(hostedZoneId, ending).slice(0, 6), 16) % 512
    return `ns-${at * 512 + number}.awsdns-${String(number % 64).padStart(2, '0')}.${ending}`
  })
}

export function ownRecords(domainName: string, nameServers: readonly string[]): RecordSet[] {
  return [
    { name: domainName, type: 'NS', ttlSeconds: 172_800, values: nameServers.map((name) => `${name}.`) },
    {
      name: domainName,
      type: 'SOA',
      ttlSeconds: 900,
      values: [`${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
    },
  ]
}
