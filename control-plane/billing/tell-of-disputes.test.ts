import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

it('each dispute of a period is told by itself, and how it ended', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  await plane.pay((await openCheckout(plane.billing(), { licenceId })).url)
  await plane.run()
  plane.platform.clock.set(Date.UTC(2027, 2, 2, 12))
  await plane.run()
  const charges = (await plane.billing().stripe.charges.list({})).data
  expect(charges).toHaveLength(2)
  const before = (await plane.subjects()).length
  for (const [index, outcome] of (['won', 'lost'] as const).entries()) {
    const disputeId = await plane.double.control.openDispute(charges[index]?.id ?? '')
    await plane.run(1)
    await plane.double.control.closeDispute(disputeId, outcome)
    await plane.run(1)
  }
  const told = (await plane.subjects()).slice(before).filter((subject) => subject.includes('disput'))
  expect(told).toEqual([
    'The payment for calendar.example.com is disputed',
    'The dispute of the payment for calendar.example.com is over',
    'The payment for calendar.example.com is disputed',
    'The dispute of the payment for calendar.example.com is lost',
  ])
})
