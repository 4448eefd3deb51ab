import { afterEach, expect, it } from 'vitest'
import { monthsAfter } from '#control-plane/core/licence/calendar.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { openCheckout } from './open-checkout.ts'
import { openPortal } from './open-portal.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

const DAY_MS = 86_400_000
const day = (text: string): number => Date.parse(`${text}T09:00:00Z`)

/** Jumps to the day, then goes on day by day. */
async function walk(from: string, to: string): Promise<void> {
  plane.platform.clock.set(day(from))
  await plane.run(Math.round((day(to) - day(from)) / DAY_MS))
}

it('renews for years from 29 February, reminds five times a year, once each, and survives a card that expires', async () => {
  plane = await billingPlane()
  const bought = day('2028-02-29')
  plane.platform.clock.set(bought)
  const { licenceId, licenseeId } = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url, '4242424242424242', '06 / 29')
  await plane.run()
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: day('2029-02-28') })

  // The first renewal: the card is still good.
  await walk('2029-01-13', '2029-03-01')
  expect(await plane.read(licenceId)).toMatchObject({ state: 'active', paidThrough: day('2030-02-28') })
  const reminders = 'The licence of calendar.example.com renews on'
  expect(await plane.subjects()).toEqual(Array.from({ length: 5 }, () => `${reminders} 2029-02-28`))

  // Before the second the card has expired: its own reminder, then the payment fails.
  await walk('2030-01-13', '2030-02-27')
  expect(await plane.read(licenceId)).toMatchObject({ state: 'renewal_due' })
  const before = await plane.subjects()
  expect(before.slice(5).toSorted()).toEqual([
    'The card for calendar.example.com expires before the renewal',
    ...Array.from({ length: 5 }, () => `${reminders} 2030-02-28`),
  ])
  await walk('2030-02-28', '2030-03-03')
  expect(await plane.read(licenceId)).toMatchObject({ state: 'past_due', paidThrough: day('2030-02-28') })

  // A new card in the portal: the next retry takes it, and the anniversary stays.
  const portal = await openPortal(plane.billing(), { licenseeId })
  await plane.double.fetch(
    new Request(`${portal.url}/card`, {
      method: 'POST',
      body: new URLSearchParams({ number: '5555555555554444', expiry: '06 / 40', cvc: '123', name: 'Pat Payer' }),
    }),
  )
  await walk('2030-03-04', '2030-03-10')
  expect(await plane.read(licenceId)).toMatchObject({
    state: 'active',
    paidThrough: day('2031-02-28'),
    stripe: { paymentMethod: { brand: 'mastercard', expYear: 2040 } },
  })
  const dunning = (await plane.subjects()).slice(11)
  expect(dunning).toEqual(['The payment for calendar.example.com is overdue', dunning[1]])

  // The fourth falls on 29 February again.
  await walk('2031-01-14', '2031-03-01')
  await walk('2032-01-14', '2032-03-01')
  const last = await plane.read(licenceId)
  expect(last).toMatchObject({ state: 'active', paidThrough: monthsAfter(bought, 60) })
  expect(last.periodStart).toBe(day('2032-02-29'))
})

it('goes the whole way of a licence that nobody pays, with a mail at each turn', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const { url } = await openCheckout(plane.billing(), { licenceId })
  await plane.pay(url, '4000000000000341')
  await plane.run()
  const states: string[] = []
  const note = async () => states.push((await plane.read(licenceId)).state)
  await note()
  await walk('2027-01-16', '2027-03-01')
  await note()
  await walk('2027-03-02', '2027-03-03')
  await note()
  await walk('2027-03-04', '2027-03-20')
  await note()
  const { graceUntil = 0 } = await plane.read(licenceId)
  await walk('2027-03-21', '2027-04-12')
  await note()
  const { suspendedAt = 0 } = await plane.read(licenceId)
  expect(suspendedAt).toBeGreaterThanOrEqual(graceUntil)
  plane.platform.clock.set(suspendedAt + 46 * DAY_MS)
  await plane.run()
  plane.platform.clock.set(suspendedAt + 60 * DAY_MS)
  await plane.run()
  await note()
  expect(states).toEqual(['active', 'renewal_due', 'past_due', 'grace', 'suspended', 'expired'])
  expect((await plane.subjects()).slice(5)).toEqual([
    ...Array.from({ length: 4 }, () => 'The payment for calendar.example.com is overdue'),
    ...Array.from({ length: 2 }, () => expect.stringContaining('will be suspended on')),
    'calendar.example.com is suspended until it is paid',
    expect.stringContaining('The data of calendar.example.com is removed after'),
    'The licence of calendar.example.com has expired',
  ])
  // Nothing may be charged for what is gone.
  const { data } = await plane.billing().stripe.subscriptions.list({ status: 'all' })
  expect(data.map(({ status }) => status)).toEqual(['canceled'])
})
