import type { BillingCtx } from '#control-plane/billing/billing-context.ts'
import { handleStripeEvent } from '#control-plane/billing/handle-stripe-event.ts'
import { openStripe } from '#control-plane/billing/open-stripe.ts'
import { receiveStripeEvent } from '#control-plane/billing/receive-stripe-event.ts'
import { Licence } from '#control-plane/core/licence/licence.ts'
import { licenceKey } from '#control-plane/core/licence/licence-key.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type BenchPlane, WEBHOOK_SECRET } from './bench-plane.ts'
import type { Scenario } from './scenario.ts'

type Run = {
  readonly plane: BenchPlane
  readonly scenario: Scenario
  /** Events by number, in the order of their delivery; some come twice. */
  readonly deliveries: readonly number[]
  readonly random: () => number
  readonly name: string
}

/** How often the truth moves on between two calls, and a second worker cuts in. */
const MOVES_SHARE = 0.02
const CUTS_IN_SHARE = 0.5
/** A queue gives up after so many; here that would be a fault. */
const RECEIVES_MAX = 20

/**
 * Delivers one order of events while the truth moves on by itself, never behind an event that was told of it. A second worker cuts in between the
 * first one's fetch and write, and between its fence and fetch, and runs to its end there. Answers the licence as it is in the end.
 */
export async function runOrder({ plane, scenario, deliveries, random, name }: Run): Promise<Licence> {
  const table = plane.tableOf(name)
  await table.putMany(scenario.rows)
  const last = scenario.stages.length - 1
  let truth = 0
  plane.clock.set(scenario.stages[0]?.at ?? 0)

  function moveTruth(atLeast = 0): void {
    const onward = random() < MOVES_SHARE ? 1 : 0
    truth = Math.min(last, Math.max(atLeast, truth + onward))
    plane.clock.set(scenario.stages[truth]?.at ?? 0)
  }

  const waiting = [...deliveries]
  let isCutIn = false

  async function maybeCutIn(): Promise<void> {
    if (isCutIn || random() >= CUTS_IN_SHARE) return
    const next = waiting.shift()
    if (next === undefined) return
    isCutIn = true
    await deliver(next)
    isCutIn = false
  }

  const stripe = openStripe({
    secretKey: 'sk_test_bench',
    answer(path) {
      moveTruth()
      const body = scenario.stages[truth]?.answers.get(path)
      if (body === undefined) throw new Error(`nobody recorded ${path} at ${truth}`)
      return Promise.resolve(body)
    },
  })
  const ctx = plane.ctxOf({
    stripe,
    table: {
      ...table,
      // Between the fence and the fetch.
      async write(operation) {
        await table.write(operation)
        if (operation.kind === 'update' && operation.set?.fence !== undefined) await maybeCutIn()
      },
      // Between the fetch and the write.
      async transact(operations) {
        await maybeCutIn()
        await table.transact(operations)
      },
    },
  })

  async function deliver(number: number): Promise<void> {
    moveTruth(number + 1)
    const rawBody = scenario.stages[number + 1]?.rawEvent ?? ''
    const { id }: { readonly id: string } = JSON.parse(rawBody)
    const timestamp = Math.trunc(plane.clock.now() / 1000)
    const signature = stripe.webhooks.generateTestHeaderString({ payload: rawBody, secret: WEBHOOK_SECRET, timestamp })
    await receiveStripeEvent(ctx, { rawBody, signature })
    await handle(ctx, id)
  }

  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await deliver(next)
  return Licence.parse(await table.get(licenceKey(scenario.licenseeId, scenario.licenceId)))
}

/** As a queue does: what failed for a reason that passes comes again. */
async function handle(ctx: BillingCtx, stripeEventId: string): Promise<void> {
  for (let receives = 1; ; receives += 1) {
    try {
      await handleStripeEvent(ctx, { stripeEventId })
      return
    } catch (error) {
      if (!isFailure(error) || !error.retry || receives === RECEIVES_MAX) throw error
    }
  }
}
