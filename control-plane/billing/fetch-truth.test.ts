import { setImmediate } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { fetchTruth } from './fetch-truth.ts'
import { openCheckout } from './open-checkout.ts'
import { openStripe } from './open-stripe.ts'

let plane: BillingPlane

afterEach(() => plane.platform.close())

it('never sees a page as completed without the subscription that was bought on it', async () => {
  plane = await billingPlane()
  const { licenceId } = await plane.licence()
  const { sessionId, url } = await openCheckout(plane.billing(), { licenceId })
  let listed: Promise<unknown> | undefined
  let isPaid = false
  const stripe = openStripe({
    secretKey: 'sk_test_of_the_tests',
    baseUrl: 'http://127.0.0.1',
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { pathname } = new URL(request.url)
      if (pathname === '/v1/subscriptions') {
        const answer = plane.double.fetch(request)
        listed = answer
        return answer
      }
      if (!pathname.startsWith('/v1/checkout/sessions/')) return plane.double.fetch(request)
      // Asked beside the list of subscriptions, it is answered after it; the buyer pays between the two answers.
      await setImmediate()
      if (listed === undefined) return plane.double.fetch(request)
      await listed
      isPaid = (await plane.pay(url)).status === 303
      return plane.double.fetch(request)
    },
  })
  const [customer] = (await stripe.customers.list({})).data
  const truth = await fetchTruth(
    { ...plane.billing(), stripe },
    { stripeCustomerId: customer?.id ?? '', sessionIds: [sessionId] },
  )
  expect({ session: truth.sessions.get(sessionId), subscriptions: truth.subscriptions.length, isPaid }).toEqual({
    session: 'open',
    subscriptions: 0,
    isPaid: false,
  })
})
