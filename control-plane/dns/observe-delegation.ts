import { agree } from './agree.ts'
import { decideDelegation, decideDs, decideLame, decideResolver, parentViewOf } from './decide-delegation.ts'
import type { DnsServer, LookupResult, RecordType } from './lookups.ts'
import { relativeName } from './names.ts'
import type { Observation, Verdict } from './observation.ts'
import { observeCaa } from './observe-caa.ts'
import { lowerName } from './packet/dns-packet.ts'
import { findParentZone, type ParentZone } from './parent-zone.ts'
import { type ProviderHint, providerOf } from './providers.ts'
import { askResolvers, type Dns } from './resolvers.ts'
import { observationOf } from './sentences.ts'
import { isFromWildcard } from './wildcard.ts'

/** So many of the parent's servers are asked; two have to agree. */
const PARENT_SERVERS = 3

export type DelegationReport = {
  /** Every part is ok: what is above us and what resolvers see. */
  readonly isDelegated: boolean
  /** `delegation`, `cname`, `ds`, `resolvers`, `caa`. */
  readonly observations: readonly Observation[]
  /** The zone to make the entry in, and how its form calls the name; absent when it could not be found out. */
  readonly parent?: { readonly zoneName: string; readonly relativeName: string; readonly provider?: ProviderHint }
}

type Input = {
  readonly domainName: string
  readonly expectedNameServers: readonly string[]
  /** Of zones that we had for the name before: a re-created zone gets others. */
  readonly formerNameServers?: readonly string[]
}

/** Looks at a delegation where it is made, at the parent, and then through resolvers. Never throws for what DNS says or does not say. */
export async function observeDelegation(dns: Dns, input: Input): Promise<DelegationReport> {
  const { domainName } = input
  const expected = input.expectedNameServers.map(lowerName).toSorted()
  const former = (input.formerNameServers ?? []).map(lowerName)
  const zone = await findParentZone(dns, domainName)
  const [atParent, seen, caa] = await Promise.all([
    observeParent(dns, { domainName, expected, former, zone }),
    askResolvers(dns, { name: domainName, type: 'NS' }),
    observeCaa(dns, { domainName, isOurZone: true }),
  ])
  const resolvers = agree(seen.map((result) => decideResolver(result, domainName, expected)))
  const observations = [
    ...atParent,
    observationOf({ key: 'resolvers', name: domainName, type: 'NS', expected }, resolvers),
    caa,
  ]
  const parent = zone === 'cannot_tell' ? {} : { parent: placeOf(domainName, zone) }
  // Our own CAA record comes after the delegation and overrules: what is inherited holds nothing up.
  const isDelegated = observations.every(({ key, state }) => key === 'caa' || state === 'ok')
  return { isDelegated, observations, ...parent }
}

function placeOf(domainName: string, { zoneName, nameServers }: ParentZone): NonNullable<DelegationReport['parent']> {
  const provider = providerOf(nameServers)
  const place = { zoneName, relativeName: relativeName(domainName, zoneName) }
  return provider === undefined ? place : { ...place, provider }
}

async function observeParent(
  dns: Dns,
  input: {
    readonly domainName: string
    readonly expected: readonly string[]
    readonly former: readonly string[]
    readonly zone: ParentZone | 'cannot_tell'
  },
): Promise<readonly Observation[]> {
  const { domainName, expected, zone } = input
  const say = (key: string, type: RecordType, verdict: Verdict): Observation =>
    observationOf({ key, name: domainName, type, expected: type === 'NS' ? expected : [] }, verdict)
  const unknown: Verdict = { state: 'cannot_check', code: 'parent_unknown', found: [] }
  const servers = zone === 'cannot_tell' ? [] : await addressesOf(dns, zone.nameServers)
  if (servers.length === 0)
    return [say('delegation', 'NS', unknown), say('cname', 'CNAME', unknown), say('ds', 'DS', unknown)]
  const [forNs, forDs] = await Promise.all([
    askAll(dns, servers, domainName, 'NS'),
    askAll(dns, servers, domainName, 'DS'),
  ])
  const verdicts = forNs.map((result) => decideDelegation(parentViewOf(result, domainName), input))
  // What any server of the parent still names counts as found: a zone is let go only when none of them points at it.
  const found = [...new Set(verdicts.flatMap((verdict) => verdict.found))]
  const seen: Verdict = { ...agree(verdicts), found }
  const isWildcard = seen.code === 'cname_conflict' && (await isFromWildcard(dns, domainName, seen.found[0]))
  const delegation: Verdict = isWildcard ? { ...seen, state: 'waiting', code: 'none', found: [] } : seen
  const isAlias = delegation.code === 'cname_conflict'
  const cname: Verdict = isAlias ? delegation : { ...delegation, state: aliasState(delegation), found: [] }
  const answers = delegation.state === 'ok' ? await askOwnServers(dns, domainName, expected) : delegation
  return [
    say('delegation', 'NS', { ...delegation, ...answers, found: delegation.found }),
    say('cname', 'CNAME', cname.state === 'ok' ? { state: 'ok', code: 'correct', found: [] } : cname),
    say('ds', 'DS', agree(forDs.map((result) => decideDs(result, domainName)))),
  ]
}

/** What the parent said about the name tells also that there is no alias at it. */
function aliasState(delegation: Verdict): Verdict['state'] {
  return delegation.state === 'cannot_check' ? 'cannot_check' : 'ok'
}

/** Every one of our servers has to answer for the zone; one that cannot be reached leaves it open. */
async function askOwnServers(dns: Dns, domainName: string, expected: readonly string[]): Promise<Verdict> {
  const verdicts = await Promise.all(
    expected.map(async (serverName): Promise<Verdict> => {
      const addresses = await dns.addressOf(serverName)
      if (addresses === 'cannot_tell') return { state: 'cannot_check', code: 'servfail', found: [] }
      const [server] = addresses
      if (server === undefined) return { state: 'wrong', code: 'lame', found: [] }
      return decideLame(
        await dns.lookups.ask(server, { name: domainName, type: 'SOA' }, { isRecursive: false }),
        domainName,
      )
    }),
  )
  const lame = verdicts.find((verdict) => verdict.state === 'wrong')
  return (
    lame ?? verdicts.find((verdict) => verdict.state === 'cannot_check') ?? { state: 'ok', code: 'correct', found: [] }
  )
}

/** Addresses of the first few servers that have one: the first address of each, since two of one server say no more than one. */
async function addressesOf(dns: Dns, serverNames: readonly string[]): Promise<readonly DnsServer[]> {
  const servers: DnsServer[] = []
  for (const serverName of serverNames.toSorted()) {
    if (servers.length === PARENT_SERVERS) break
    const addresses = await dns.addressOf(serverName)
    const [server] = addresses === 'cannot_tell' ? [] : addresses
    if (server !== undefined) servers.push(server)
  }
  return servers
}

function askAll(
  dns: Dns,
  servers: readonly DnsServer[],
  name: string,
  type: RecordType,
): Promise<readonly LookupResult[]> {
  return Promise.all(servers.map((server) => dns.lookups.ask(server, { name, type }, { isRecursive: false })))
}
