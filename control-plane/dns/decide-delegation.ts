import { isBelow } from '#control-plane/core/domain/decide-claim.ts'
import { type DnsAnswer, type DnsRecord, type LookupResult, RCODE } from './lookups.ts'
import type { Verdict } from './observation.ts'
import { cannotCheck, type View, viewOf } from './view.ts'

/** What one server of the parent says about the name. */
export type ParentView =
  | { readonly kind: 'delegated'; readonly nameServers: readonly string[]; readonly ttlSeconds: number }
  | { readonly kind: 'none'; readonly ttlSeconds: number }
  | { readonly kind: 'alias'; readonly target: string; readonly ttlSeconds: number }
  | Extract<View, { readonly kind: 'unseen' }>

/** Reads a parent's answer to NS at the name. A delegation is in the authority section (RFC 1034 section 4.3.2, step 3b). */
export function parentViewOf(result: LookupResult, domainName: string): ParentView {
  const view = viewOf(result, { name: domainName, type: 'NS' })
  if (view.kind === 'unseen' || result.kind === 'failed') return { kind: 'unseen', code: unseenCode(view) }
  if (view.alias !== undefined) return { kind: 'alias', target: view.alias, ttlSeconds: view.ttlSeconds }
  const isOurs = (record: DnsRecord): boolean => record.type === 'NS' && record.name === domainName
  const servers = [...result.answers, ...result.authority].filter(isOurs)
  if (servers.length > 0) {
    const nameServers = [...new Set(servers.map((record) => record.value))].toSorted()
    return { kind: 'delegated', nameServers, ttlSeconds: Math.min(...servers.map((record) => record.ttlSeconds)) }
  }
  return isNothing(result, domainName)
    ? { kind: 'none', ttlSeconds: view.ttlSeconds }
    : { kind: 'unseen', code: 'unclear' }
}

function unseenCode(view: View) {
  return view.kind === 'unseen' ? view.code : 'unclear'
}

/** "There is nothing" is said by the zone's own servers, with its SOA; a referral to yet another zone says nothing about the name. */
function isNothing(answer: DnsAnswer, domainName: string): boolean {
  if (answer.rcode === RCODE.noSuchName) return true
  const isReferral = answer.authority.some((record) => record.type === 'NS' && isBelow(domainName, record.name))
  return answer.isAuthoritative && !isReferral
}

/** Compares what the parent says with the name servers that the zone has. */
export function decideDelegation(
  view: ParentView,
  servers: { readonly expected: readonly string[]; readonly former: readonly string[] },
): Verdict {
  if (view.kind === 'unseen') return cannotCheck(view)
  const { ttlSeconds } = view
  if (view.kind === 'alias') return { state: 'wrong', code: 'cname_conflict', found: [view.target], ttlSeconds }
  if (view.kind === 'none') return { state: 'waiting', code: 'none', found: [], ttlSeconds }
  const found = view.nameServers
  const ours = found.filter((name) => servers.expected.includes(name))
  if (ours.length === servers.expected.length && found.length === ours.length)
    return { state: 'ok', code: 'correct', found, ttlSeconds }
  return { state: 'wrong', code: faultOf(found, ours, servers.former), found, ttlSeconds }
}

function faultOf(found: readonly string[], ours: readonly string[], former: readonly string[]): string {
  if (found.length === ours.length) return 'partial'
  if (ours.length > 0) return 'mixed'
  return found.every((name) => former.includes(name)) ? 'former' : 'foreign'
}

/** Whether one of our own servers answers for the zone: a server that is named but does not is lame (RFC 8499). */
export function decideLame(result: LookupResult, domainName: string): Verdict {
  const view = viewOf(result, { name: domainName, type: 'SOA' })
  if (view.kind === 'unseen' && view.code !== 'refused' && view.code !== 'servfail') return cannotCheck(view)
  const isZone = view.kind === 'seen' && view.records.length > 0 && result.kind === 'answered' && result.isAuthoritative
  return isZone ? { state: 'ok', code: 'correct', found: [] } : { state: 'wrong', code: 'lame', found: [] }
}

/** A DS at the parent says that the child is signed; ours is not, and every validating resolver then answers SERVFAIL (RFC 4035 section 5.2). */
export function decideDs(result: LookupResult, domainName: string): Verdict {
  const view = viewOf(result, { name: domainName, type: 'DS' })
  if (view.kind === 'unseen') return cannotCheck(view)
  const found = view.records.map((record) => record.value)
  const { ttlSeconds } = view
  return found.length === 0
    ? { state: 'ok', code: 'correct', found, ttlSeconds }
    : { state: 'wrong', code: 'ds_present', found, ttlSeconds }
}

/** Whether a resolver, as the world asks it, already sees our name servers. */
export function decideResolver(result: LookupResult, domainName: string, expected: readonly string[]): Verdict {
  const view = viewOf(result, { name: domainName, type: 'NS' })
  if (view.kind === 'unseen') return cannotCheck(view)
  const found = view.records.map((record) => record.value).toSorted()
  const isOurs = found.length > 0 && found.every((name) => expected.includes(name))
  const { ttlSeconds } = view
  return isOurs
    ? { state: 'ok', code: 'correct', found, ttlSeconds }
    : { state: 'waiting', code: 'spreading', found, ttlSeconds }
}
