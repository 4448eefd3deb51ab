import { mkdtemp, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'
import { buyLicence, sellLicences } from '#test/stripe/harness/buy.ts'
import { openStripeDouble } from './open-stripe-double.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-stripe-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const clock = createManualClock()

async function opened() {
  const store = openSqliteStore({ file: join(folder, 'stripe.sqlite') })
  const table = createTable({ store, clock, tenantId: 'stripe' })
  const double = await openStripeDouble({
    table,
    clock,
    ids: createRandomIds(clock),
    log: createCollectingLog(),
    port: 0,
  })
  const stripe = new Stripe('sk_test_double', {
    host: '127.0.0.1',
    port: double.port,
    protocol: 'http',
    telemetry: false,
  })
  const close = async () => {
    await double.close()
    await store.close()
  }
  return { double, stripe, close }
}

describe('an open double', () => {
  it('answers the unchanged stripe package on a socket, and goes on after a restart', async () => {
    const first = await opened()
    const { priceId } = await sellLicences(first.stripe)
    const { customerId, subscriptionId } = await buyLicence(first, { priceId })
    await first.close()
    clock.advance(366 * 86_400)
    const second = await opened()
    await second.double.tick()
    const { data } = await second.stripe.invoices.list({ customer: customerId })
    expect(data.map(({ status }) => status)).toEqual(['paid', 'paid'])
    expect(data[0]?.hosted_invoice_url).toContain(second.double.baseUrl)
    expect((await second.stripe.subscriptions.retrieve(subscriptionId)).status).toBe('active')
    await second.close()
  })

  it('listens on loopback alone', async () => {
    const { double, close } = await opened()
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of outside)
      await expect(fetch(`http://${address}:${double.port}/double`)).rejects.toThrow('fetch failed')
    expect((await fetch(`${double.baseUrl}/double`)).status).toBe(200)
    await close()
  })
})
