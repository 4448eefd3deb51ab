import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import { type DnsAnswer, type DnsQuestion, type DnsRecord, RCODE } from '../lookups.ts'
import { answerFrom, soaOf, type Zone } from './zone.ts'

/** All zones there are: those above (their root included) and those that are hosted. */
export type Zones = { readonly parents: readonly Zone[]; readonly hosted: readonly Zone[] }

/** A resolver follows so many aliases and referrals. */
const STEPS_MAX = 10

/** Below a zone only its own server knows: others refuse (as Route 53 does). */
const refused: DnsAnswer = answered({ rcode: RCODE.refused })
const failed: DnsAnswer = answered({ rcode: RCODE.serverFailure })

function answered(parts: Partial<Omit<DnsAnswer, 'kind'>>): DnsAnswer {
  return {
    kind: 'answered',
    rcode: RCODE.noError,
    isAuthoritative: false,
    answers: [],
    authority: [],
    additional: [],
    ...parts,
  }
}

/** What a name server that holds `zones` says of itself, without asking others. */
export function answerAsServer(zones: readonly Zone[], question: DnsQuestion): DnsAnswer {
  const zone = zoneOf(zones, question)
  if (zone === undefined) return refused
  const found = answerFrom(zone, question)
  if (found.kind === 'referral') return answered({ authority: found.servers })
  if (found.kind === 'records') return answered({ isAuthoritative: true, answers: found.records })
  if (found.kind === 'alias') return answered({ isAuthoritative: true, answers: [found.record] })
  return nothing(zone, found.kind === 'no_name' && !isAbove(zones, question.name))
}

/** Finds out like a validating resolver: follows delegations to hosted zones and aliases; a lame delegation or a DS above an unsigned zone is SERVFAIL. */
export function answerAsResolver(zones: Zones, question: DnsQuestion): DnsAnswer {
  const chain: DnsRecord[] = []
  let name = question.name
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const answer = resolveName(zones, { name, type: question.type })
    const alias = answer.answers.find((record) => record.type === 'CNAME')
    if (alias === undefined || question.type === 'CNAME')
      return { ...answer, isAuthoritative: false, answers: [...chain, ...answer.answers] }
    chain.push(alias)
    name = alias.value
  }
  return failed
}

function resolveName(zones: Zones, question: DnsQuestion): DnsAnswer {
  let zone = zoneOf(zones.parents, question)
  for (let step = 0; zone !== undefined && step < STEPS_MAX; step += 1) {
    const found = answerFrom(zone, question)
    if (found.kind !== 'referral') return answerAsServer(step === 0 ? zones.parents : [zone], question)
    const isSigned = zone.records.some((record) => record.type === 'DS' && record.name === found.cut)
    if (isSigned) return failed
    const named = found.servers.map((record) => record.value)
    zone = zones.hosted.find(
      (one) => one.zoneName === found.cut && one.nameServers.some((name) => named.includes(name)),
    )
  }
  return failed
}

/** The deepest zone that the name lies in; DS is asked of the zone above. */
function zoneOf(zones: readonly Zone[], { name, type }: DnsQuestion): Zone | undefined {
  const holds = ({ zoneName }: Zone): boolean =>
    isBelow(name, zoneName) || (name === zoneName && (type !== 'DS' || name === ''))
  return zones.filter(holds).toSorted((a, b) => b.zoneName.length - a.zoneName.length)[0]
}

/** A name with zones below it exists, though it has no records (RFC 8020). */
function isAbove(zones: readonly Zone[], name: string): boolean {
  return zones.some((zone) => isBelow(zone.zoneName, name))
}

function nothing(zone: Zone, isNameMissing: boolean): DnsAnswer {
  const rcode = isNameMissing ? RCODE.noSuchName : RCODE.noError
  return answered({ rcode, isAuthoritative: true, authority: [soaOf(zone)] })
}
