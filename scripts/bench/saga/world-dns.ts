import type { ServedZone } from '#control-plane/cloud/simulated/simulated-cloud.ts'
import type { Seen, Sees } from '#control-plane/cloud/simulated/simulation.ts'
import { answerAsResolver, answerAsServer, type Zones } from '#control-plane/dns/embedded/answer-question.ts'
import { zoneOfHosted } from '#control-plane/dns/embedded/hosted-zone.ts'
import type { Zone } from '#control-plane/dns/embedded/zone.ts'
import type { DnsRecord, DnsServer } from '#control-plane/dns/lookups.ts'
import { createDns, type Dns } from '#control-plane/dns/resolvers.ts'

const PARENT = 'example.com'
const resolver: DnsServer = { address: '192.0.2.53', port: 53 }
const parentServer: DnsServer = { address: '192.0.2.1', port: 53 }
const hostedServer: DnsServer = { address: '192.0.2.2', port: 53 }

export type WorldDns = {
  readonly dns: Dns
  readonly sees: Sees
  /** What the licensee does at his provider: records of the zone `example.com`. */
  readonly enter: (records: readonly DnsRecord[]) => void
  readonly removeNs: (name: string) => void
}

/** DNS without a network: a zone that licensees keep, the zones of the simulated cloud, and a resolver over both. */
export function createWorldDns(servedZones: () => Promise<readonly ServedZone[]>): WorldDns {
  let entered: readonly DnsRecord[] = []

  async function zones(): Promise<Zones> {
    const root: Zone = {
      zoneName: '',
      nameServers: ['a.root.example.net'],
      records: nsRecords(PARENT, ['ns.example.net']),
    }
    const parent: Zone = { zoneName: PARENT, nameServers: ['ns.example.net'], records: entered }
    const top: Zone = {
      zoneName: 'com',
      nameServers: ['a.root.example.net'],
      records: nsRecords(PARENT, ['ns.example.net']),
    }
    return { parents: [root, top, parent], hosted: (await servedZones()).map(zoneOfHosted) }
  }

  const dns = createDns({
    lookups: {
      async ask(server, question) {
        const all = await zones()
        if (server.address === resolver.address) return answerAsResolver(all, question)
        return answerAsServer(server.address === parentServer.address ? all.parents : all.hosted, question)
      },
    },
    resolvers: [resolver, resolver, resolver],
    addressOf: async (serverName) => [serverName.endsWith('.example.net') ? parentServer : hostedServer],
  })

  return {
    dns,
    async sees(name, type): Promise<Seen> {
      const answer = answerAsResolver(await zones(), { name, type })
      if (answer.rcode === 3) return { kind: 'no_name' }
      if (answer.rcode !== 0) return { kind: 'no_answer' }
      return { kind: 'values', values: answer.answers.filter((one) => one.type === type).map(({ value }) => value) }
    },
    enter(records) {
      entered = [...entered, ...records]
    },
    removeNs(name) {
      entered = entered.filter((record) => record.name !== name || record.type !== 'NS')
    },
  }
}

export function nsRecords(name: string, nameServers: readonly string[]): readonly DnsRecord[] {
  return nameServers.map((value) => ({
    name,
    type: 'NS',
    ttlSeconds: 60,
    value: value.toLowerCase().replace(/\.$/, ''),
  }))
}
