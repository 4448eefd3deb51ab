import { expect, it } from 'vitest'
import { tryBadSignatures } from './bad-signatures.ts'
import { ordersOf } from './orders.ts'
import { runOrders } from './run-orders.ts'

it('knows every order once', () => {
  expect(new Set([...ordersOf(5)].map((order) => order.join('')))).toHaveProperty('size', 120)
  expect([...ordersOf(3)]).toContainEqual([2, 0, 1])
})

it('ends in one licence, whatever the order of events, with duplicates, moving truth and two workers', async () => {
  const { orders, wrong, expected } = await runOrders({ every: 160 })
  expect(wrong).toEqual([])
  expect(orders).toBe(252)
  expect(expected).toMatchObject({ state: 'active', isCancelScheduled: false, stripe: { status: 'active' } })
})

it('lets no forged event in', async () => {
  expect(await tryBadSignatures(500)).toEqual({ tried: 500, accepted: 0 })
})
