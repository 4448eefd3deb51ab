import { agree } from './agree.ts'
import { decideCaa } from './decide-caa.ts'
import type { LookupResult } from './lookups.ts'
import { parentOf } from './names.ts'
import type { Observation, Verdict } from './observation.ts'
import { askResolvers, type Dns } from './resolvers.ts'
import { observationOf } from './sentences.ts'
import { cannotCheck, viewOf } from './view.ts'

/**
 * Walks up from the name to the first CAA set, as a certificate authority does. `isOurZone`: the zone is delegated to us, and a set of our own
 * in it will overrule what is inherited.
 */
export async function observeCaa(
  dns: Dns,
  input: { readonly domainName: string; readonly isOurZone: boolean },
): Promise<Observation> {
  const { domainName, isOurZone } = input
  const verdict = await walk(dns, domainName)
  const isOverruled = isOurZone && verdict.code === 'caa_inherited'
  const decided: Verdict = isOverruled ? { ...verdict, state: 'ok', code: 'caa_overruled' } : verdict
  return observationOf({ key: 'caa', name: domainName, type: 'CAA', expected: ['0 issue "amazon.com"'] }, decided)
}

async function walk(dns: Dns, domainName: string): Promise<Verdict> {
  for (let name = domainName; name !== ''; name = parentOf(name)) {
    const results = await askResolvers(dns, { name, type: 'CAA' })
    const verdicts = results.map((result) => verdictOf(result, name, domainName))
    const verdict = agree(verdicts)
    if (verdict.code !== 'no_caa') return verdict
  }
  return { state: 'ok', code: 'no_caa', found: [] }
}

function verdictOf(result: LookupResult, name: string, domainName: string): Verdict {
  const view = viewOf(result, { name, type: 'CAA' })
  if (view.kind === 'unseen') return cannotCheck(view)
  return decideCaa(view.records, domainName, name)
}
