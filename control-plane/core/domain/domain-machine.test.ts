import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DOMAIN_STATES, type DomainState } from './domain.ts'
import { DOMAIN_EVENTS, decideDomain, domainTransitions } from './domain-machine.ts'

describe('the domain machine', () => {
  it('answers every state × event by its table alone, with proof and without', () => {
    for (const from of DOMAIN_STATES)
      for (const happened of DOMAIN_EVENTS)
        for (const isClaimProven of [true, false]) {
          const row = domainTransitions.find((one) => one.event === happened && one.from.includes(from))
          const expected =
            row === undefined
              ? { kind: 'not_from_here' }
              : row.needsProof === true && !isClaimProven
                ? { kind: 'not_proven' }
                : { kind: 'moved', to: row.to }
          expect(decideDomain(from, happened, { isClaimProven })).toEqual(expected)
        }
  })

  it('has a way out of every state but released, and a way into every state but claimed', () => {
    for (const state of DOMAIN_STATES) {
      expect([state, domainTransitions.some(({ from }) => from.includes(state))]).toEqual([state, state !== 'released'])
      expect([state, domainTransitions.some(({ to }) => to === state)]).toEqual([state, state !== 'claimed'])
    }
  })

  it('never verifies a domain that nobody proved, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DOMAIN_EVENTS), { maxLength: 40 }), (happenings) => {
        const end = happenings.reduce<DomainState>((from, happened) => {
          const decision = decideDomain(from, happened, {})
          return decision.kind === 'moved' ? decision.to : from
        }, 'claimed')
        expect(['claimed', 'released']).toContain(end)
      }),
    )
  })
})
