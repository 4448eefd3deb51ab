import type { Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import { type DnsAnswer, type DnsQuestion, type DnsServer, RCODE } from '../lookups.ts'
import { type DnsMessage, lowerName, readPacket, UDP_BYTES_MAX, writeAnswer } from '../packet/dns-packet.ts'
import { answerAsResolver, answerAsServer, type Zones } from './answer-question.ts'
import { openDnsSocket, type Responder, type Transport } from './dns-socket.ts'
import { type HostedZoneSource, zoneOfHosted } from './hosted-zone.ts'
import { createZoneStore, PARENT_SERVERS, type ZoneStore } from './zone-store.ts'

/** Whom the server plays for a question: the world's resolver, the parent's name server, or a name server of a hosted zone. */
type Role = 'resolver' | 'parent' | 'hosted'

/** A frame's length has two bytes. */
const TCP_BYTES_MAX = 0xffff

/** For tests: what goes wrong with a question. */
export type Fault = 'servfail' | 'refused' | 'silent' | 'truncated' | 'garbage' | 'foreign_id'
export type Faults = (asked: {
  readonly question: DnsQuestion
  readonly role: Role
  readonly transport: Transport
}) => Fault | undefined

export type LocalZone = {
  /** The world's resolver, to be given thrice to `createDns`. */
  readonly resolver: DnsServer
  /** Name servers of a hosted zone listen beside it, because what they know is not what the parent knows. */
  readonly hostedServer: DnsServer
  /** Where the made-up name servers are: all on this machine. */
  readonly addressOf: (serverName: string) => Promise<readonly DnsServer[]>
  readonly store: ZoneStore
  /** Zones of the simulated cloud, as they are now. */
  readonly hostedZones: () => Promise<readonly HostedZoneSource[]>
  readonly close: () => Promise<void>
}

/** Opens the DNS of this machine: zones that licensees would have at their providers, the hosted zones, and a resolver over both. */
export async function openLocalZone(options: {
  readonly table: Table
  readonly zonesOf: () => Promise<readonly HostedZoneSource[]>
  readonly log: Log
  readonly host?: string
  /** 0: any free one. */
  readonly port?: number
  readonly hostedPort?: number
  readonly faults?: Faults
}): Promise<LocalZone> {
  const { zonesOf, host = '127.0.0.1' } = options
  const store = createZoneStore(options.table)

  async function zones(): Promise<Zones> {
    const [parents, hosted] = await Promise.all([store.listZones(), zonesOf()])
    const root = { zoneName: '', nameServers: PARENT_SERVERS, records: [] }
    return { parents: [root, ...parents], hosted: hosted.map(zoneOfHosted) }
  }

  async function answer(question: DnsQuestion, role: Role): Promise<DnsAnswer> {
    const now = await zones()
    if (role === 'resolver') return answerAsResolver(now, question)
    return answerAsServer(role === 'parent' ? now.parents : now.hosted, question)
  }

  const responder = (isHosted: boolean): Responder => {
    const roleOf = (asked: DnsMessage): Role => (isHosted ? 'hosted' : asked.isRecursive ? 'resolver' : 'parent')
    return createResponder({ ...options, answer, roleOf })
  }
  const main = await openDnsSocket(host, options.port ?? 0, responder(false))
  const beside = await openDnsSocket(host, options.hostedPort ?? 0, responder(true)).catch(async (error: unknown) => {
    await main.close()
    throw error
  })
  const resolver = { address: host, port: main.port }
  const hostedServer = { address: host, port: beside.port }
  return {
    resolver,
    hostedServer,
    store,
    hostedZones: zonesOf,
    async addressOf(serverName) {
      const name = lowerName(serverName)
      if (PARENT_SERVERS.includes(name)) return [resolver]
      const isKnown = (await zonesOf()).some((zone) => zone.nameServers.map(lowerName).includes(name))
      return isKnown ? [hostedServer] : []
    },
    async close() {
      await Promise.all([main.close(), beside.close()])
    },
  }
}

function createResponder(options: {
  readonly answer: (question: DnsQuestion, role: Role) => Promise<DnsAnswer>
  readonly roleOf: (asked: DnsMessage) => Role
  readonly log: Log
  readonly faults?: Faults
}): Responder {
  return async (packet, transport) => {
    const asked = readPacket(packet)
    // An answer is never answered: two servers would talk forever.
    if (asked === undefined || asked.isAnswer) return undefined
    const { question } = asked
    if (question === undefined) return writeAnswer(asked, { ...nothing, rcode: RCODE.formatError })
    const role = options.roleOf(asked)
    const fault = options.faults?.({ question, role, transport })
    if (fault !== undefined) return faulty(fault, asked)
    try {
      const answer = await options.answer(question, role)
      const bytes = writeAnswer(asked, { ...answer, isRecursionAvailable: role === 'resolver' })
      const bytesMax = transport === 'udp' ? Math.min(asked.udpBytesMax, UDP_BYTES_MAX) : TCP_BYTES_MAX
      return bytes.length > bytesMax ? writeAnswer(asked, { ...answer, isTruncated: true }) : bytes
    } catch (error) {
      options.log.error({ at: 'dns.answer', type: question.type, error: String(error) })
      return writeAnswer(asked, { ...nothing, rcode: RCODE.serverFailure })
    }
  }
}

const nothing = { rcode: RCODE.noError, isAuthoritative: false, answers: [], authority: [], additional: [] }

function faulty(fault: Fault, asked: DnsMessage): Uint8Array | undefined {
  switch (fault) {
    case 'silent':
      return undefined
    case 'garbage':
      return new Uint8Array([0xff, 0x00, 0xff])
    case 'servfail':
      return writeAnswer(asked, { ...nothing, rcode: RCODE.serverFailure })
    case 'refused':
      return writeAnswer(asked, { ...nothing, rcode: RCODE.refused })
    case 'truncated':
      return writeAnswer(asked, { ...nothing, isTruncated: true })
    case 'foreign_id':
      return writeAnswer({ ...asked, packetId: (asked.packetId + 1) & 0xffff }, nothing)
  }
}
