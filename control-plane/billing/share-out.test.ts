import { afterEach, expect, it } from 'vitest'
import * as z from 'zod'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { faultAtVerb, withFaults } from '#test/harness/platform/faults.ts'
import { openCheckout } from './open-checkout.ts'
import { openStripe } from './open-stripe.ts'
import { refundLicence } from './refund-licence.ts'

const InvoiceList = z.looseObject({
  data: z.array(z.looseObject({ payments: z.looseObject({ data: z.array(z.unknown()) }) })),
})

let plane: BillingPlane

afterEach(() => plane.platform.close())

/** A licence whose invoice names two payments of 995.00 each, as it does when it was paid in parts. */
async function paidInTwo() {
  plane = await billingPlane()
  const { licenceId, licenseeId } = await plane.licence()
  await plane.pay((await openCheckout(plane.billing(), { licenceId })).url)
  const other = await plane.licence({ licenseeId, domainName: 'second.example.com' })
  await plane.pay((await openCheckout(plane.billing(), other)).url)
  await plane.run()
  const stripe = openStripe({
    secretKey: 'sk_test_of_the_tests',
    baseUrl: 'http://127.0.0.1',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const answer = await plane.double.fetch(request)
      if (request.method !== 'GET' || new URL(request.url).pathname !== '/v1/invoices') return answer
      const list = InvoiceList.parse(await answer.json())
      const all = list.data.flatMap(({ payments }) => payments.data)
      const data = list.data.map((invoice) => ({
        ...invoice,
        amount_paid: 199_000,
        payments: { ...invoice.payments, data: all },
      }))
      return Response.json({ ...list, data }, { headers: answer.headers })
    },
  })
  return { licenceId, stripe }
}

const sent = async () => (await plane.billing().stripe.refunds.list({})).data.map(({ amount }) => amount)

it('all of an invoice that was paid in parts goes back, payment by payment', async () => {
  const { licenceId, stripe } = await paidInTwo()
  await refundLicence({ ...plane.billing(), stripe }, { licenceId, reason: 'asked' })
  expect(await sent()).toEqual([99_500, 99_500])
})

it('a part is shared out over the payments, and asked for again after a death its sum is the same', async () => {
  const { licenceId, stripe } = await paidInTwo()
  const asking = { licenceId, reason: 'asked', amountCents: 120_000, askedAs: 'key-1' }
  // Dies when the first part is planned and the second is not.
  const ports = withFaults(plane.platform, faultAtVerb('table', 'transact', 1, 'crash_after'))
  await expect(refundLicence({ ...plane.billing({ ports }), stripe }, asking)).rejects.toThrow('dead')
  plane.platform.clock.advance(120)
  await plane.run()
  expect(await sent()).toEqual([99_500])
  await refundLicence({ ...plane.billing(), stripe }, asking)
  await refundLicence({ ...plane.billing(), stripe }, asking)
  expect((await sent()).toSorted((a, b) => a - b)).toEqual([20_500, 99_500])
})
