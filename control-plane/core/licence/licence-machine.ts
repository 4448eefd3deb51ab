import type { Actor, Mover } from '../actor.ts'
import { Licence } from './licence.ts'
import { type EventOf, type LicenceEvent, type LicenceEventKind, moverOf } from './licence-event.ts'
import type { LicenceRule } from './licence-guards.ts'
import { licenceRules } from './licence-rules.ts'

export type LicenceDecision =
  | { readonly kind: 'moved'; readonly licence: Licence }
  /** `not_allowed`: not this actor's to do; `wrong_state`: not of this state; else the guard that did not hold. */
  | { readonly kind: 'refused'; readonly reason: string }

/** What a licence becomes by what happened to it (the rules are data: `licence-rules.ts`); `now` in epoch milliseconds. Pure. */
export function decideLicence(
  licence: Licence,
  licenceEvent: LicenceEvent,
  actor: Actor,
  now: number,
): LicenceDecision {
  return decide(licence, licenceEvent, moverOf(actor), now)
}

function decide<K extends LicenceEventKind>(
  licence: Licence,
  licenceEvent: EventOf<K>,
  mover: Mover | undefined,
  now: number,
): LicenceDecision {
  let reason = 'wrong_state'
  for (const rule of rulesOf<K>(licenceEvent)) {
    if (!rule.from.includes(licence.state)) continue
    if (mover === undefined || !rule.who.includes(mover)) return { kind: 'refused', reason: 'not_allowed' }
    const broken = rule.guards.find(({ holds }) => !holds(licence, licenceEvent, now))
    if (broken === undefined) return { kind: 'moved', licence: changed(licence, rule, licenceEvent, now) }
    if (reason === 'wrong_state') reason = broken.name
  }
  return { kind: 'refused', reason }
}

function rulesOf<K extends LicenceEventKind>(licenceEvent: EventOf<K>): readonly LicenceRule<EventOf<K>>[] {
  const kind: K = licenceEvent.kind
  return licenceRules[kind]
}

function changed<E extends LicenceEvent>(
  licence: Licence,
  rule: LicenceRule<E>,
  licenceEvent: E,
  now: number,
): Licence {
  const { set = {}, clear = [] } = rule.changes(licence, licenceEvent, now)
  const state = rule.to === 'same' ? licence.state : rule.to
  const next = Object.entries({ ...licence, ...set, state, version: licence.version + 1 })
  return Licence.parse(Object.fromEntries(next.filter(([name]) => !clear.some((cleared) => cleared === name))))
}
