import type { HostedZoneSource } from '#control-plane/dns/embedded/hosted-zone.ts'
import { type Fault, type Faults, type LocalZone, openLocalZone } from '#control-plane/dns/embedded/local-zone.ts'
import type { DnsServer, RecordType } from '#control-plane/dns/lookups.ts'
import { createNodeLookups } from '#control-plane/dns/node-lookups.ts'
import { createDns, type Dns } from '#control-plane/dns/resolvers.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'

/** A busy machine answers within this; what stays silent is waited for no longer than that. */
const PATIENT_MILLISECONDS = 3000
const QUICK_MILLISECONDS = 150
const UNHEARD: readonly Fault[] = ['silent', 'garbage', 'foreign_id']

export const ourServers: readonly string[] = [1, 2, 3, 4].map((n) => `ns-${n}.dns-of-ours.example`)

export type FaultRule = {
  readonly fault: Fault
  readonly role?: Parameters<Faults>[0]['role']
  readonly type?: RecordType
  readonly transport?: 'udp' | 'tcp'
  /** Only for the first so many questions that it fits. */
  readonly times?: number
}

export type LocalDns = {
  readonly zone: LocalZone
  readonly dns: Dns
  readonly lookups: Dns['lookups']
  /** Makes or replaces a hosted zone, with our servers unless others are named. */
  readonly host: (zone: Partial<HostedZoneSource> & { readonly domainName: string }) => void
  readonly unhost: (domainName: string) => void
  readonly fail: (...rules: readonly FaultRule[]) => void
  /** Enters `TYPE value` at the provider, making its zone `example.com` if need be. */
  readonly enter: (name: string, type: RecordType, value: string, ttlSeconds?: number) => Promise<void>
  readonly asked: () => readonly Parameters<Faults>[0][]
  readonly close: () => Promise<void>
}

/** A real DNS server on loopback with the zone `example.com`, and a checker that asks it, its three resolvers being this one. */
export async function openLocalDns(options: { readonly resolvers?: readonly DnsServer[] } = {}): Promise<LocalDns> {
  const platform = await createMemoryPlatform()
  const hosted = new Map<string, HostedZoneSource>()
  const asked: Parameters<Faults>[0][] = []
  let rules: { rule: FaultRule; used: number }[] = []

  const faults: Faults = (question) => {
    asked.push(question)
    const found = rules.find(
      ({ rule, used }) => fits(rule, question) && used < (rule.times ?? Number.POSITIVE_INFINITY),
    )
    if (found === undefined) return undefined
    found.used += 1
    return found.rule.fault
  }
  const zone = await openLocalZone({
    table: platform.table,
    log: platform.log,
    zonesOf: async () => [...hosted.values()],
    faults,
  })
  await zone.store.addZone('example.com')
  const patient = createNodeLookups({ timeoutMilliseconds: PATIENT_MILLISECONDS })
  const quick = createNodeLookups({ timeoutMilliseconds: QUICK_MILLISECONDS })
  const lookups: Dns['lookups'] = {
    ask(...asking) {
      const isUnheard = rules.some(({ rule }) => UNHEARD.includes(rule.fault))
      return (isUnheard ? quick : patient).ask(...asking)
    },
  }
  const { resolvers = [zone.resolver, zone.resolver, zone.resolver] } = options
  return {
    zone,
    lookups,
    dns: createDns({ lookups, resolvers, addressOf: zone.addressOf }),
    host(source) {
      hosted.set(source.domainName, { nameServers: ourServers, recordSets: [], ...source })
    },
    unhost: (domainName) => void hosted.delete(domainName),
    fail(...next) {
      rules = next.map((rule) => ({ rule, used: 0 }))
    },
    enter: (name, type, value, ttlSeconds = 300) =>
      zone.store.addRecord('example.com', { name, type, value, ttlSeconds }),
    asked: () => asked,
    async close() {
      await zone.close()
      await platform.close()
    },
  }
}

function fits(rule: FaultRule, asked: Parameters<Faults>[0]): boolean {
  return (
    (rule.role ?? asked.role) === asked.role &&
    (rule.type ?? asked.question.type) === asked.question.type &&
    (rule.transport ?? asked.transport) === asked.transport
  )
}
