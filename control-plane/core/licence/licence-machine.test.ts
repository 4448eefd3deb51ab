import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LICENCE_STATES, type LicenceState } from '#shared/contracts/licence-file.ts'
import type { Actor } from '../actor.ts'
import { DAY_MS, dayZeroOf } from './calendar.ts'
import type { Licence } from './licence.ts'
import type { LicenceEvent, LicenceEventKind } from './licence-event.ts'
import { decideLicence } from './licence-machine.ts'
import { licenceRules } from './licence-rules.ts'
import { actors, draft, eventsAt, lookers, NOW, stripe } from './licences.fixture.ts'

const kinds = Object.keys(licenceRules).filter((kind): kind is LicenceEventKind => kind in licenceRules)

/** A licence in each state, with guards open: everything is due and nothing is in the way. */
function licenceIn(state: LicenceState, change: Partial<Licence> = {}): Licence {
  return {
    ...draft,
    state,
    paidThrough: NOW - DAY_MS,
    suspendedAt: NOW - 61 * DAY_MS,
    graceUntil: NOW,
    createdAt: NOW - 31 * DAY_MS,
    ...change,
  }
}

/** The machine as it was drawn: from, what happens, to; `same` where the state stays. */
const DRAWN = `
draft checkout_opened checkout_pending | draft checkout_lapsed draft | draft invoice_ordered checkout_pending
draft lapse_warned draft | checkout_pending lapse_warned checkout_pending
draft paid active | draft credit_given active | draft granted active | draft refunded refunded
checkout_pending checkout_opened checkout_pending | checkout_pending checkout_lapsed draft
checkout_pending invoice_ordered checkout_pending | checkout_pending paid active | checkout_pending credit_given active
checkout_pending granted active | checkout_pending refunded refunded
active paid active | active granted active | active renewal_near renewal_due | active payment_failed past_due
active refunded refunded | active dispute_opened disputed | active cancel_scheduled active
renewal_due paid active | renewal_due credit_given renewal_due | renewal_due granted active
renewal_due payment_failed past_due | renewal_due refunded refunded | renewal_due dispute_opened disputed
renewal_due cancel_scheduled renewal_due
past_due paid active | past_due credit_given renewal_due | past_due granted active | past_due retries_ended grace
past_due cancelled suspended | past_due refunded refunded | past_due dispute_opened disputed
grace paid active | grace granted active | grace grace_ended suspended | grace cancelled suspended
grace refunded refunded | grace dispute_opened disputed
suspended paid active | suspended granted active | suspended retention_ended expired | suspended refunded refunded
expired paid active | expired credit_given active | expired granted active
refunded paid active | refunded credit_given active | refunded granted active | refunded retention_ended expired
disputed paid disputed | disputed cancel_scheduled disputed | disputed refunded refunded | disputed dispute_won active | disputed dispute_lost refunded
closed checkout_lapsed closed
${['active', 'renewal_due', 'past_due', 'grace', 'suspended', 'expired', 'refunded']
  .flatMap((state) =>
    ['checkout_opened', 'checkout_lapsed', 'invoice_ordered'].map((kind) => `${state} ${kind} ${state}`),
  )
  .join(' | ')}
${LICENCE_STATES.filter((state) => state !== 'closed')
  .flatMap((state) => [
    `${state} tenant_deleted closed`,
    `${state} abuse_held ${state}`,
    `${state} terms_changed ${state}`,
  ])
  .join(' | ')}`
  .trim()
  .split(/\s*[|\n]\s*/)
  .toSorted()

describe('the table of the licence', () => {
  it('is the machine as it was drawn, and nothing else happens', () => {
    const events = eventsAt(NOW)
    const found = LICENCE_STATES.flatMap((state) =>
      kinds.flatMap((kind) => {
        const decisions = Object.values(actors).map((actor) =>
          decideLicence(licenceIn(state), events[kind], actor, NOW),
        )
        const moved = decisions.find((one) => one.kind === 'moved')
        return moved?.kind === 'moved' ? [`${state} ${kind} ${moved.licence.state}`] : []
      }),
    )
    expect(found.toSorted()).toEqual(DRAWN)
  })

  it('takes the ways of complimentary, cancelled and held licences', () => {
    const events = eventsAt(NOW)
    const by = (licence: Licence, kind: LicenceEventKind, actor: Actor = actors.system) => {
      const decision = decideLicence(licence, events[kind], actor, NOW)
      return decision.kind === 'moved' ? decision.licence.state : decision.reason
    }
    expect(by(licenceIn('renewal_due', { billing: 'complimentary' }), 'term_ended')).toBe('grace')
    expect(by(licenceIn('renewal_due', { billing: 'complimentary' }), 'payment_failed')).toBe('complimentary')
    expect(by(licenceIn('active', { isCancelScheduled: true }), 'ended')).toBe('suspended')
    expect(by(licenceIn('active', { isCancelScheduled: true }), 'renewal_near')).toBe('cancelled')
    expect(by(licenceIn('active', { isCancelScheduled: true }), 'cancel_undone', actors.owner)).toBe('active')
    const told = { lapsesAt: NOW }
    expect(by(licenceIn('draft', told), 'claim_lapsed')).toBe('closed')
    expect(by(licenceIn('draft', told), 'claim_lapsed', actors.owner)).toBe('not_allowed')
    expect(by(licenceIn('draft', told), 'lapse_warned')).toBe('warned')
    expect(by(licenceIn('draft', { lapsesAt: NOW + 1 }), 'claim_lapsed')).toBe('not_yet')
    const checkout = { sessionId: 'cs_1', url: 'http://localhost/', expiresAt: NOW }
    for (const coming of [{ checkout }, { stripe }, { stripe: { ...stripe, status: 'incomplete' } }])
      expect(by(licenceIn('checkout_pending', { ...told, ...coming }), 'claim_lapsed')).toBe('payment_on_its_way')
    expect(by(licenceIn('draft', { createdAt: NOW - 22 * DAY_MS }), 'lapse_warned')).toBe('not_yet')
    expect(by(licenceIn('active', { isAbuseHeld: true }), 'abuse_lifted', actors.vendor_admin)).toBe('active')
  })

  it('gives each state that is not the last a way out that the clock, Stripe or a person can take', () => {
    const events = eventsAt(NOW)
    for (const state of LICENCE_STATES.filter((one) => one !== 'closed')) {
      const ways = kinds.filter((kind) =>
        Object.values(actors).some((actor) => {
          const decision = decideLicence(licenceIn(state), events[kind], actor, NOW)
          return decision.kind === 'moved' && decision.licence.state !== state && kind !== 'tenant_deleted'
        }),
      )
      // What is expired was offboarded: a new purchase or the end of the tenant.
      expect(ways).not.toEqual([])
    }
  })

  it('lets only those act who may', () => {
    const events = eventsAt(NOW)
    for (const state of LICENCE_STATES)
      for (const kind of kinds) {
        for (const looker of lookers)
          expect(decideLicence(licenceIn(state), events[kind], looker, NOW).kind).toBe('refused')
      }
    expect(decideLicence(licenceIn('draft'), events.paid, actors.owner, NOW)).toEqual({
      kind: 'refused',
      reason: 'not_allowed',
    })
    expect(decideLicence(licenceIn('draft'), events.granted, actors.owner, NOW)).toMatchObject({
      reason: 'not_allowed',
    })
    expect(decideLicence(licenceIn('active'), events.abuse_held, actors.owner, NOW)).toMatchObject({
      reason: 'not_allowed',
    })
  })
})

describe('a licence', () => {
  const paidAt = (paidThrough: number, subscriptionId: string): LicenceEvent => ({
    kind: 'paid',
    periodStart: NOW,
    periodEnd: paidThrough,
    paidThrough,
    stripe: { ...stripe, subscriptionId },
  })

  it('is paid forwards only by the same subscription', () => {
    const active = licenceIn('active', { stripe, paidThrough: NOW + 300 * DAY_MS })
    expect(decideLicence(active, paidAt(NOW + 200 * DAY_MS, 'sub_1'), actors.stripe, NOW)).toEqual({
      kind: 'refused',
      reason: 'not_forward',
    })
  })

  it('that has expired comes back by another subscription alone', () => {
    const expired = licenceIn('expired', { stripe })
    expect(decideLicence(expired, paidAt(NOW + 365 * DAY_MS, 'sub_1'), actors.stripe, NOW)).toMatchObject({
      reason: 'old_subscription',
    })
    expect(decideLicence(expired, paidAt(NOW + 365 * DAY_MS, 'sub_2'), actors.stripe, NOW)).toMatchObject({
      licence: { state: 'active', paidThrough: NOW + 365 * DAY_MS },
    })
  })

  it('is not paid back into life by money for a time that is over', () => {
    const suspended = licenceIn('suspended', { stripe, paidThrough: NOW - 400 * DAY_MS })
    expect(decideLicence(suspended, paidAt(NOW - 35 * DAY_MS, 'sub_1'), actors.stripe, NOW)).toMatchObject({
      licence: { state: 'suspended', paidThrough: NOW - 35 * DAY_MS },
    })
  })

  it('keeps its promises on every walk', () => {
    const step = fc.record({
      kind: fc.constantFrom(...kinds),
      days: fc.integer({ min: 0, max: 400 }),
      who: fc.constantFrom(...Object.values(actors)),
      subscriptionId: fc.constantFrom('sub_1', 'sub_2'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = NOW
        let licence = draft
        for (const { kind, days, who, subscriptionId } of steps) {
          now += days * DAY_MS
          const decision = decideLicence(licence, eventsAt(now, subscriptionId)[kind], who, now)
          if (decision.kind === 'refused') continue
          const after = decision.licence
          // Its page is forgotten when nobody can pay on it any more; nothing else happens to it.
          if (licence.state === 'closed') expect([kind, after.state]).toEqual(['checkout_lapsed', 'closed'])
          expect(after.version).toBe(licence.version + 1)
          const isMoneyBack = kind === 'refunded' || kind === 'dispute_lost' || kind === 'granted'
          const isNewSale = licence.state === 'expired' || licence.state === 'refunded'
          if (!isMoneyBack && !isNewSale)
            expect(after.paidThrough ?? 0).toBeGreaterThanOrEqual(licence.paidThrough ?? 0)
          if (after.state === 'grace') expect(after.graceUntil).toBeDefined()
          if (after.state === 'suspended' || after.state === 'refunded') expect(after.suspendedAt).toBeDefined()
          if (after.state === 'disputed') expect(after.dispute).toBeDefined()
          if (after.state === 'active' && licence.state !== 'active') {
            expect(after.graceUntil).toBeUndefined()
            if (kind !== 'dispute_won') expect(dayZeroOf(after) ?? 0).toBeGreaterThan(now)
          }
          licence = after
        }
      }),
      { numRuns: 1000, seed: 4 },
    )
  })
})
