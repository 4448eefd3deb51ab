import { beforeAll, describe, expect, inject, it } from 'vitest'
import { ALL_ROUTES } from '#control-plane/billing/embedded/routes/all-routes.ts'
import { answersRight, eventsRight } from './harness/check-shapes.ts'
import { readOpenApi } from './harness/openapi.ts'
import type { Traffic } from './harness/our-traffic.ts'
import { shapeOf, templateOf } from './harness/record-calls.ts'
import { sendToMock } from './harness/send-to-mock.ts'
import { wholeDouble } from './harness/whole-double.ts'

let traffic: Traffic
beforeAll(async () => {
  traffic = await wholeDouble()
})

describe('all that the double knows', () => {
  it('is asked here: every route of it', () => {
    const asked = new Set(traffic.calls.map(({ method, path }) => templateOf(method, path.split('?')[0] ?? '')))
    const routes = ALL_ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, '{}')}`)
    expect(routes.filter((route) => !asked.has(route))).toEqual([])
  })

  it('is known to stripe-mock with the same parameters', async () => {
    const shapes = new Map(traffic.calls.map((call) => [shapeOf(call), call]))
    expect(await sendToMock(inject('stripeMockUrl'), shapes)).toEqual([])
  })

  it('is answered and told in Stripe’s shapes', () => {
    const openApi = readOpenApi(inject('stripeSpecFile'))
    expect(answersRight(openApi, traffic.calls)).toEqual([])
    expect(eventsRight(openApi, traffic.stripeEvents)).toEqual([])
    expect(new Set(traffic.stripeEvents.map(({ type }) => type)).size).toBeGreaterThan(45)
  })
})
