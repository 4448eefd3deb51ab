import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditPartition } from '#control-plane/core/audit/audit.ts'
import { findClaim } from '#control-plane/core/domain/domain-claim.ts'
import type { Licence } from '#control-plane/core/licence/licence.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { invoiceLicence } from './invoice-licence.ts'
import { lookAtDueLicence } from './look-at-due-licence.ts'
import { openCheckout } from './open-checkout.ts'

const NAME = 'calendar.example.com'

let plane: BillingPlane
let licence: Licence
beforeEach(async () => {
  plane = await billingPlane()
  licence = await plane.licence()
})
afterEach(() => plane.platform.close())

const state = async () => (await plane.read(licence.licenceId)).state
const holder = async () => (await findClaim(plane.ctxOf(), NAME))?.tenantId

describe('a claim that nobody pays', () => {
  it('is told of after 23 days and lapses after 30: the name is free, the log and a mail say so, once', async () => {
    await plane.run(22)
    expect(await plane.subjects()).toEqual([])
    await plane.run(1)
    expect(await plane.subjects()).toEqual([`${NAME} is kept for you until 2026-04-01`])
    await plane.run(6)
    expect([await state(), await holder()]).toEqual(['draft', licence.tenantId])
    await plane.run(1)
    expect([await state(), await holder()]).toEqual(['closed', undefined])
    expect((await getTenant(plane.ctxOf(), licence.tenantId)).state).toBe('deleted')
    await plane.run(40)
    expect((await plane.subjects()).slice(1)).toEqual([`${NAME} is no longer kept for you`])
    const { items } = await plane.platform.table.query({ pk: auditPartition(licence.licenseeId), limit: 100 })
    expect(items.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['licence.lapse_warned', 'licence.claim_lapsed', 'domain.released']),
    )
    const again = await plane.licence({ licenseeId: licence.licenseeId })
    expect(await holder()).toBe(again.tenantId)
  })

  it('lapses once when two look at the same time, and when one who died looks again', async () => {
    await plane.run(29)
    plane.platform.clock.advance(86_400)
    const look = () => lookAtDueLicence(plane.billing(), { licenceId: licence.licenceId })
    await Promise.allSettled([look(), look(), look()])
    await look()
    await plane.run()
    expect([await state(), await holder()]).toEqual(['closed', undefined])
    expect((await plane.subjects()).filter((subject) => subject.includes('no longer'))).toHaveLength(1)
  })

  it('that was told of late lapses a week after it was told', async () => {
    plane.platform.clock.advance(90 * 86_400)
    await plane.run(6)
    expect(await state()).toBe('draft')
    await plane.run(1)
    expect(await state()).toBe('closed')
  })

  it('lapses with its checkout page open only after Stripe has closed the page', async () => {
    await plane.run(29)
    plane.platform.clock.advance(86_400 - 3600)
    const { sessionId, url } = await openCheckout(plane.billing(), { licenceId: licence.licenceId })
    plane.platform.clock.advance(3600)
    await plane.run()
    expect([await state(), await holder()]).toEqual(['closed', undefined])
    const session = await plane.billing().stripe.checkout.sessions.retrieve(sessionId)
    expect(session.status).toBe('expired')
    await plane.pay(url)
    await plane.run(1)
    expect((await plane.billing().stripe.subscriptions.list({ status: 'all' })).data).toEqual([])
  })

  it('does not lapse when it was paid at the last moment and no webhook says so', async () => {
    await plane.platform.close()
    plane = await billingPlane({ isDelivered: () => false })
    licence = await plane.licence()
    await plane.run(29)
    plane.platform.clock.advance(86_400 - 60)
    const { url } = await openCheckout(plane.billing(), { licenceId: licence.licenceId })
    await plane.pay(url)
    plane.platform.clock.advance(60)
    await plane.run()
    expect([await state(), await holder()]).toEqual(['active', licence.tenantId])
    await plane.run(30)
    expect(await state()).toBe('active')
  })

  it('does not lapse while an invoice is out', async () => {
    await plane.run(25)
    await invoiceLicence(plane.billing(), { licenceId: licence.licenceId })
    await plane.run(20)
    expect([await state(), await holder()]).toEqual(['checkout_pending', licence.tenantId])
  })
})
