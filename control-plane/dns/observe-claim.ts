import { agree } from './agree.ts'
import { CLAIM_PREFIX, claimRecordName } from './expected-records.ts'
import type { DnsQuestion, LookupResult } from './lookups.ts'
import type { Verdict } from './observation.ts'
import { askResolvers, type Dns } from './resolvers.ts'
import { cannotCheck, viewOf } from './view.ts'

/** Whether a claim's token is shown at a name itself, as two resolvers see it. Never throws for what DNS says. */
export async function observeClaim(
  dns: Dns,
  { domainName, token }: { readonly domainName: string; readonly token: string },
): Promise<'seen' | 'not_seen' | 'cannot_check'> {
  const question: DnsQuestion = { name: claimRecordName(domainName), type: 'TXT' }
  const results = await askResolvers(dns, question)
  const { state } = agree(results.map((result) => verdictOf(result, question, CLAIM_PREFIX + token)))
  if (state === 'cannot_check') return 'cannot_check'
  return state === 'ok' ? 'seen' : 'not_seen'
}

function verdictOf(result: LookupResult, question: DnsQuestion, value: string): Verdict {
  const view = viewOf(result, question)
  if (view.kind === 'unseen') return cannotCheck(view)
  // A wildcard alias may lead to a host that anybody can rent: it proves nothing of who holds this name.
  if (view.alias !== undefined) return { state: 'wrong', code: 'cname_conflict', found: [view.alias] }
  return view.records.some((record) => record.value.trim() === value)
    ? { state: 'ok', code: 'correct', found: [value] }
    : { state: 'waiting', code: 'missing', found: [] }
}
