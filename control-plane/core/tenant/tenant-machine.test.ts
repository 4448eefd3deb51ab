import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mover } from '../actor.ts'
import { TENANT_STATES } from './tenant.ts'
import { decideTenant, TENANT_EVENTS, type TenantFacts, tenantTransitions, triggerOf } from './tenant-machine.ts'

const triggers: readonly Mover[] = ['system', 'stripe', 'owner', 'vendor_admin']
const allHold: TenantFacts = {
  licenceState: 'active',
  isAbuseHeld: false,
  isClaimProven: true,
  isEverythingGone: true,
  isRetentionOver: true,
  isLegalHeld: false,
}

describe('the tenant machine', () => {
  it('answers every state × event × trigger by its table alone', () => {
    for (const from of TENANT_STATES)
      for (const happened of TENANT_EVENTS)
        for (const by of triggers) {
          const row = tenantTransitions.find((one) => one.event === happened && one.from.includes(from))
          const decision = decideTenant(from, happened, by, allHold)
          if (row === undefined) expect(decision).toEqual({ kind: 'not_from_here' })
          else if (!row.by.includes(by)) expect(decision).toEqual({ kind: 'not_allowed' })
          else expect(decision).toEqual({ kind: 'moved', to: row.to })
        }
  })

  it('has one row at most for a state and an event', () => {
    const pairs = tenantTransitions.flatMap(({ event: happened, from }) => from.map((state) => `${state} ${happened}`))
    expect(new Set(pairs).size).toBe(pairs.length)
  })

  it('has a way out of every state but deleted, and a way into every state but registered', () => {
    for (const state of TENANT_STATES) {
      const isLeft = tenantTransitions.some(({ from }) => from.includes(state))
      const isReached = tenantTransitions.some(({ to }) => to === state)
      expect([state, isLeft]).toEqual([state, state !== 'deleted'])
      expect([state, isReached]).toEqual([state, state !== 'registered'])
    }
  })

  it('lets a guarded transition happen only while its guard holds', () => {
    const guarded = tenantTransitions.filter(({ guard }) => guard !== 'none')
    expect(guarded.length).toBeGreaterThan(5)
    for (const { event: happened, from, guard } of guarded)
      for (const state of from) expect(decideTenant(state, happened, 'system', {})).toEqual({ kind: 'guarded', guard })
  })

  it('does not let a held tenant resume, an unpaid one go live, a held one be deleted', () => {
    const held = { licenceState: 'active', isAbuseHeld: true } as const
    expect(decideTenant('suspended', 'resume', 'system', held).kind).toBe('guarded')
    expect(decideTenant('verifying', 'verified', 'system', { licenceState: 'suspended' }).kind).toBe('guarded')
    expect(decideTenant('retained', 'delete', 'system', { isRetentionOver: true, isLegalHeld: true }).kind).toBe(
      'guarded',
    )
  })

  it('random walks end in deleted once it is retired, wherever they were', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...TENANT_EVENTS), { maxLength: 60 }), (happenings) => {
        let state = happenings.reduce(
          (from, happened) => {
            const decision = decideTenant(from, happened, 'system', allHold)
            return decision.kind === 'moved' ? decision.to : from
          },
          TENANT_STATES[0] as (typeof TENANT_STATES)[number],
        )
        for (const happened of ['retire', 'export_done', 'deprovision', 'deprovision_done', 'delete'] as const) {
          const decision = decideTenant(state, happened, 'system', allHold)
          if (decision.kind === 'moved') state = decision.to
        }
        expect(state).toBe('deleted')
      }),
    )
  })

  it('knows who may: no viewer, no support, nobody who looks through an owner’s eyes', () => {
    expect(triggerOf({ type: 'system', id: 'stripe' })).toBe('stripe')
    expect(triggerOf({ type: 'vendor', id: 'v', role: 'vendor_support' })).toBeUndefined()
    expect(triggerOf({ type: 'licensee', id: 'u', role: 'owner' })).toBe('owner')
    expect(triggerOf({ type: 'licensee', id: 'u', role: 'owner', onBehalfOf: 'v' })).toBeUndefined()
    expect(triggerOf({ type: 'licensee', id: 'u', role: 'viewer' })).toBeUndefined()
  })
})
