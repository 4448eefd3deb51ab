import { beforeAll, describe, expect, inject, it } from 'vitest'
import { reportFigure } from '../harness/aws/report-figure.ts'
import { callsIn, callsInCode, requestOf } from './harness/calls-in-code.ts'
import { answersRight, eventsRight, NEWER } from './harness/check-shapes.ts'
import { findProblems } from './harness/find-problems.ts'
import { type OpenApi, readOpenApi } from './harness/openapi.ts'
import { ourTraffic, type Traffic } from './harness/our-traffic.ts'
import { type Call, shapeOf, templateOf } from './harness/record-calls.ts'
import { sendToMock } from './harness/send-to-mock.ts'

let traffic: Traffic
let openApi: OpenApi
let shapes: ReadonlyMap<string, Call>
beforeAll(async () => {
  traffic = await ourTraffic()
  openApi = readOpenApi(inject('stripeSpecFile'))
  shapes = new Map(traffic.calls.map((call) => [shapeOf(call), call]))
})

describe('what billing sends', () => {
  it('is every call that stands in its code', async () => {
    expect(callsInCode().length).toBeGreaterThan(15)
    expect(await uncheckedCalls()).toEqual([])
  })

  it('is accepted by stripe-mock, each shape of it', async () => {
    const refused = await sendToMock(inject('stripeMockUrl'), shapes)
    reportFigure('shapes_checked', shapes.size)
    reportFigure('shapes_refused', refused.length)
    reportFigure('shapes_unchecked', (await uncheckedCalls()).length)
    expect(refused).toEqual([])
  })

  it('would be refused with a parameter that Stripe does not know', async () => {
    const answer = await fetch(`${inject('stripeMockUrl')}/v1/customers`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'colour=red',
    })
    expect(answer.status).toBe(400)
  })
})

describe('what the double answers', () => {
  it('has the shape that Stripe’s OpenAPI file gives it', () => {
    expect(answersRight(openApi, traffic.calls)).toEqual([])
  })

  it('would be found wrong without a required attribute, with a wrong word and with an unknown name', () => {
    const schema = openApi.schema('refund')
    if (schema === undefined) throw new Error('the OpenAPI file has no refund')
    const good = { id: 're_1', object: 'refund', amount: 1, created: 1, currency: 'usd', reason: 'duplicate' }
    expect(findProblems(openApi, NEWER, schema, good)).toEqual([])
    const bad = { object: 'refund', amount: 1.5, created: 1, currency: 'usd', reason: 'whim', colour: 'red' }
    expect(findProblems(openApi, NEWER, schema, bad)).toHaveLength(4)
  })
})

describe('what the double tells', () => {
  it('is of the shape of an event about an object of its kind', () => {
    expect(eventsRight(openApi, traffic.stripeEvents)).toEqual([])
    expect(new Set(traffic.stripeEvents.map(({ type }) => type)).size).toBeGreaterThan(25)
  })
})

/** Calls in the code that were not made. */
async function uncheckedCalls(): Promise<readonly string[]> {
  const sent = new Set(traffic.calls.map(({ method, path }) => templateOf(method, path.split('?')[0] ?? '')))
  const requests = await Promise.all(callsInCode().map(async (call) => ({ call, request: await requestOf(call) })))
  return requests.filter(({ request }) => !sent.has(request)).map(({ call }) => call)
}

describe('the search for calls', () => {
  it('sees a call however it is written', () => {
    expect(callsIn('ctx.stripe.customers\n  .list({})\n  .autoPagingToArray({})')).toEqual(['customers.list'])
    expect(callsIn('const { stripe } = ctx; await stripe.checkout.sessions.expire(a)')).toEqual([
      'checkout.sessions.expire',
    ])
    expect(callsIn('stripe.subscriptionId.toString()')).toEqual(['subscriptionId.toString'])
  })
})
