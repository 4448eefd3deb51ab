import { type DnsAnswer, type DnsQuestion, type DnsRecord, type LookupResult, RCODE } from './lookups.ts'
import type { Verdict } from './observation.ts'

/** What one server says there is of one type at one name. */
export type View =
  | {
      readonly kind: 'seen'
      /** Of the type that was asked; empty: there are none. */
      readonly records: readonly DnsRecord[]
      /** The first step, when the name is an alias. */
      readonly alias?: string
      /** How long the answer may be kept; of nothing too (RFC 2308 section 5). */
      readonly ttlSeconds: number
    }
  | { readonly kind: 'unseen'; readonly code: UnseenCode }

export type UnseenCode = 'time_out' | 'unreachable' | 'malformed' | 'servfail' | 'refused' | 'unclear'

/** An alias may lead to an alias; resolvers stop at about as many. */
const ALIAS_STEPS_MAX = 10

/** Reads an answer: records of the asked type at the name or at the end of its aliases. */
export function viewOf(result: LookupResult, question: DnsQuestion): View {
  if (result.kind === 'failed') return { kind: 'unseen', code: result.reason }
  if (result.rcode === RCODE.serverFailure) return { kind: 'unseen', code: 'servfail' }
  if (result.rcode === RCODE.refused) return { kind: 'unseen', code: 'refused' }
  if (result.rcode !== RCODE.noError && result.rcode !== RCODE.noSuchName) return { kind: 'unseen', code: 'unclear' }
  const aliases = question.type === 'CNAME' ? [] : aliasesOf(result.answers, question.name)
  const owner = aliases.at(-1)?.value ?? question.name
  const records = result.answers.filter((record) => record.type === question.type && record.name === owner)
  const [alias] = aliases
  const kept = [...aliases, ...records].map((record) => record.ttlSeconds)
  const ttlSeconds = kept.length === 0 ? negativeTtl(result) : Math.min(...kept)
  return { kind: 'seen', records, ...(alias === undefined ? {} : { alias: alias.value }), ttlSeconds }
}

function aliasesOf(answers: readonly DnsRecord[], name: string): readonly DnsRecord[] {
  const aliases: DnsRecord[] = []
  for (let owner = name; aliases.length < ALIAS_STEPS_MAX; ) {
    const step = answers.find((record) => record.type === 'CNAME' && record.name === owner)
    if (step === undefined) break
    aliases.push(step)
    owner = step.value
  }
  return aliases
}

/** RFC 2308 section 5: the smaller of the SOA's own TTL and its last field. */
function negativeTtl(answer: DnsAnswer): number {
  const soa = answer.authority.find((record) => record.type === 'SOA')
  if (soa === undefined) return 0
  const minimum = Number(soa.value.split(' ').at(-1) ?? 0)
  return Math.min(soa.ttlSeconds, Number.isFinite(minimum) ? minimum : 0)
}

/** A server that could not say: never a fault of the record. */
export function cannotCheck(view: Extract<View, { readonly kind: 'unseen' }>): Verdict {
  return { state: 'cannot_check', code: view.code, found: [] }
}
