import { decideDmarc, decideSpf } from './decide-policy-text.ts'
import { CLAIM_PREFIX, type ExpectedRecord } from './expected-records.ts'
import type { Verdict } from './observation.ts'
import { cannotCheck, type View } from './view.ts'

type Seen = Extract<View, { readonly kind: 'seen' }>

/** Compares what one resolver sees with what has to be there. */
export function decideRecord(expected: ExpectedRecord, view: View): Verdict {
  if (view.kind === 'unseen') return cannotCheck(view)
  const verdict = decideSeen(expected, view)
  const isInTheWay = view.alias !== undefined && expected.type !== 'CNAME' && verdict.state !== 'ok'
  if (isInTheWay) return { ...verdict, state: 'wrong', code: 'cname_conflict', found: [view.alias ?? ''] }
  return { ...verdict, ttlSeconds: view.ttlSeconds }
}

function decideSeen(expected: ExpectedRecord, view: Seen): Verdict {
  const found = view.records.map((record) => record.value)
  switch (expected.purpose) {
    case 'inbound_mx':
    case 'mail_from_mx':
      return decideMx(expected, found)
    case 'mail_from_spf':
    case 'spf':
      return decideSpf(found)
    case 'dmarc':
      return decideDmarc(found)
    case 'claim':
      return decideClaimText(expected, found)
    case 'dkim':
    case 'certificate':
    case 'web_host':
    case 'caa':
      return decideTarget(expected, found)
  }
}

/** All mail servers of the name have to be ours: senders try others too. */
function decideMx(expected: ExpectedRecord, values: readonly string[]): Verdict {
  const exchangeOf = (value: string): string => (value.split(' ')[1] ?? '').toLowerCase()
  const ours = exchangeOf(expected.value)
  const exchanges = values.map(exchangeOf)
  if (values.length === 0) return { state: 'waiting', code: 'missing', found: [] }
  if (exchanges.every((exchange) => exchange === ours)) return { state: 'ok', code: 'correct', found: values }
  if (exchanges.some((exchange) => exchange.startsWith(`${ours}.`)))
    return { state: 'wrong', code: 'target_doubled', found: values }
  return { state: 'wrong', code: exchanges.includes(ours) ? 'mx_conflict' : 'mx_foreign', found: values }
}

function decideClaimText(expected: ExpectedRecord, values: readonly string[]): Verdict {
  const tokens = values.filter((value) => value.trim().toLowerCase().startsWith(CLAIM_PREFIX))
  if (values.some((value) => value.trim() === expected.value))
    return { state: 'ok', code: 'correct', found: [expected.value] }
  // Another licensee's token is no fault of the record: both may stand beside each other.
  return tokens.length === 0
    ? { state: 'waiting', code: 'missing', found: [] }
    : { state: 'wrong', code: 'other_value', found: tokens }
}

function decideTarget(expected: ExpectedRecord, values: readonly string[]): Verdict {
  const wanted = expected.value.toLowerCase()
  const targets = values.map((value) => value.toLowerCase())
  if (targets.length === 0) return { state: 'waiting', code: 'missing', found: [] }
  if (targets.every((target) => target === wanted)) return { state: 'ok', code: 'correct', found: values }
  const isDoubled = expected.type === 'CNAME' && targets.some((target) => target.startsWith(`${wanted}.`))
  return { state: 'wrong', code: isDoubled ? 'target_doubled' : 'other_value', found: values }
}
