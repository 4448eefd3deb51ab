import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { auditPartition } from '../audit/audit.ts'
import { admitVendorAdmin } from './admit-vendor-admin.ts'
import { findMembership } from './membership-store.ts'
import { addPasskey, listPasskeys } from './passkey-store.ts'

let plane: ControlPlaneInMemory
beforeEach(async () => {
  plane = await controlPlaneInMemory()
})
afterEach(() => plane.platform.close())

const admit = () =>
  admitVendorAdmin(plane.ctxOf(), { email: 'Ann@example.com', name: 'Ann', reason: 'the only admin lost his phone' })

describe('letting an admin of the vendor in from the account', () => {
  it('makes the first one a member, and takes the passkeys of one who lost them; the log says that an operator did', async () => {
    const ctx = plane.ctxOf()
    const first = await admit()
    expect(first.did).toBe('added')
    expect(await findMembership(ctx, { kind: 'vendor' }, first.personId)).toMatchObject({
      role: 'vendor_admin',
      state: 'active',
    })
    await addPasskey(ctx, {
      id: 'a',
      userId: first.personId,
      publicKey: '',
      credentialID: 'a',
      counter: 0,
      deviceType: 'singleDevice',
      backedUp: false,
      addedAt: ctx.clock.now(),
    })
    expect(await admit()).toEqual({ personId: first.personId, did: 'reset' })
    expect(await listPasskeys(ctx, first.personId)).toEqual([])
    const { items } = await plane.platform.table.query({ pk: auditPartition(undefined), limit: 100 })
    const byOperator = items.filter(({ actor }) => JSON.stringify(actor).includes('"operator"'))
    expect(byOperator.map(({ action }) => action)).toEqual(['person.added', 'passkeys.reset'])
  })
})
