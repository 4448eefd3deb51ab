import type { Licence } from '#control-plane/core/licence/licence.ts'
import { decideLicence } from '#control-plane/core/licence/licence-machine.ts'
import { allLicencesOf } from '#control-plane/core/licence/licences-of.ts'
import { moveLicence, noteOnLicence } from '#control-plane/core/licence/move-licence.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { asStripe, type BillingCtx, BillingFailure } from './billing-context.ts'
import { type Choice, chooseSubscription } from './choose-subscription.ts'
import { compareRefunds } from './compare-refunds.ts'
import { CustomerRow, customerKey, customerPartition } from './customer.ts'
import { endLeftOver, guardAgainstDoubles } from './double-purchase.ts'
import { eventsOfTruth, type TruthInput } from './events-of-truth.ts'
import { expireOpenSession } from './expire-session.ts'
import { fetchTruth } from './fetch-truth.ts'
import { giveBackLate, isGone } from './give-back-late.ts'
import { isSameFacts } from './same-facts.ts'
import { sendOpenRefunds } from './send-refund.ts'
import { stopRenewal } from './stop-renewal.ts'
import { tellEmail } from './tell-email.ts'
import { tellOfDisputes } from './tell-of-disputes.ts'
import { tellOfLatePayment } from './tell-vendor.ts'

/** Another worker may change the same customer between our fetch and our write: fetched anew at most so often, then the notice comes again. */
const TRIES = 5
/** Truth can move a licence through all its states at once; there are fewer than these. */
const MOVES_MAX = 12
const ROWS_MAX = 500

export type Synced = { readonly changed: number }

/**
 * Brings a customer's licences to what Stripe says now: takes a fence, fetches, decides, and writes only if the fence is still the last and
 * the rows are as they were read; else it fetches again. Never uses what an event carried. Safe to run twice, late and beside its twin.
 */
export async function syncCustomer(whole: BillingCtx, input: { readonly stripeCustomerId: string }): Promise<Synced> {
  const ctx = asStripe(whole)
  for (let tries = 0; tries < TRIES; tries += 1) {
    const synced = await syncOnce(ctx, input.stripeCustomerId)
    if (synced !== 'again') return synced
  }
  throw BillingFailure.contended('The customer is being changed by others; try again.')
}

async function syncOnce(ctx: BillingCtx, stripeCustomerId: string): Promise<Synced | 'again'> {
  const { items } = await ctx.table.query({ pk: customerPartition(stripeCustomerId), limit: ROWS_MAX })
  const found = items.find(({ sk }) => sk === 'customer')
  if (found === undefined) {
    // A customer that somebody made by hand, or one whose row is just being written: his checkout comes later than that row.
    ctx.log.warn({ at: 'billing.unknown_customer', stripeCustomerId })
    return { changed: 0 }
  }
  const customer = CustomerRow.parse(found)
  if (customer.isLivemode !== ctx.stripeSettings.isLivemode)
    throw BillingFailure.wrong_mode('This customer is of the other mode of Stripe.')
  const startedAt = ctx.clock.now()
  try {
    const fence = await takeFence(ctx, customer)
    const changed = await syncFenced(ctx, customer, fence, items)
    await ctx.table.write({ ...fence.update, set: { syncedAt: startedAt } })
    return { changed }
  } catch (error) {
    const isBehind = isFailure(error, 'licence.changed_meanwhile') || isFailure(error, 'table.condition_failed')
    if (!isBehind && !isFailure(error, 'table.conflict')) throw error
    return 'again'
  }
}

type Fence = {
  readonly check: WriteOperation
  readonly update: Pick<Extract<WriteOperation, { kind: 'update' }>, 'kind' | 'key' | 'when'>
}

/** Whoever fetches later holds the higher number, so older truth can no longer be written over newer. */
async function takeFence(ctx: BillingCtx, { stripeCustomerId, fence }: CustomerRow): Promise<Fence> {
  const key = customerKey(stripeCustomerId)
  const ours = fence + 1
  await ctx.table.write({
    kind: 'update',
    key,
    set: { fence: ours },
    when: { attribute: 'fence', is: '=', value: fence },
  })
  const when = { attribute: 'fence', is: '=', value: ours } as const
  return { check: { kind: 'check', key, when }, update: { kind: 'update', key, when } }
}

async function syncFenced(
  ctx: BillingCtx,
  customer: CustomerRow,
  { check, update }: Fence,
  rows: Parameters<typeof sendOpenRefunds>[1]['rows'],
): Promise<number> {
  const { stripeCustomerId, licenseeId } = customer
  const [licensee, licences] = await Promise.all([getLicensee(ctx, licenseeId), allLicencesOf(ctx, licenseeId)])
  const isPresent = licensee.stripeCustomerId === stripeCustomerId
  const sessionIds = licences.flatMap(({ checkout }) => (checkout === undefined ? [] : [checkout.sessionId]))
  const truth = await fetchTruth(ctx, { stripeCustomerId, sessionIds })
  await compareRefunds(ctx, { rows, subscriptions: truth.subscriptions })
  let changed = 0
  for (const licence of licences) {
    const gone = await isGone(ctx, licence)
    const choice = chooseSubscription(licence, truth.subscriptions, gone)
    // A customer that was deleted at Stripe knows nothing of what is sold through the one after him.
    if (!isPresent && choice.current === undefined && choice.late.length === 0) continue
    const found = licence.checkout === undefined ? undefined : truth.sessions.get(licence.checkout.sessionId)
    // Nobody shall pay any more on a page for what is gone.
    const session = gone && found === 'open' ? await expireOpenSession(ctx, licence) : found
    const { isTrusted } = licensee
    const settled = await settle(ctx, { licence, choice, session, isTrusted, isGone: gone, check })
    if (settled.version !== licence.version) changed += 1
    const { subscriptions } = truth
    await guardAgainstDoubles(ctx, { stripeCustomerId, licence: settled, licensee, choice, subscriptions, rows, check })
    await giveBackLate(ctx, { stripeCustomerId, licence: settled, licensee, late: choice.late })
    const after = chooseSubscription(settled, truth.subscriptions, gone)
    if (!gone) await tellOfLatePayment(ctx, { licence: settled, current: after.current })
    await tellOfDisputes(ctx, { licence: settled, subscriptions })
    await endLeftOver(ctx, after)
    await stopRenewal(ctx, { licence: settled, current: after.current })
  }
  await sendOpenRefunds(ctx, { stripeCustomerId, rows })
  // Last: an address must keep no money from being seen.
  if (isPresent) await tellEmail(ctx, { customer, licensee, update })
  return changed
}

/** Moves one licence until the truth has nothing more to say of it, each move in its own transaction behind the fence. */
async function settle(
  ctx: BillingCtx,
  input: {
    readonly licence: Licence
    readonly choice: Choice
    readonly session: TruthInput['session']
    readonly isTrusted: boolean
    readonly isGone: boolean
    readonly check: WriteOperation
  },
): Promise<Licence> {
  const { choice, session, isTrusted, isGone, check } = input
  const { graceDays } = ctx.licenceSettings
  let { licence } = input
  for (let moves = 0; moves < MOVES_MAX; moves += 1) {
    const now = ctx.clock.now()
    const { current } = choice
    const events = eventsOfTruth({ licence, current, session, isTrusted, isGone, graceDays, now })
    const at = licence
    const licenceEvent = events.find((one) => decideLicence(at, one, ctx.actor, now).kind === 'moved')
    if (licenceEvent === undefined) return note(ctx, { licence, choice, check })
    licence = await moveLicence(ctx, { licence, licenceEvent, operations: [check] })
  }
  throw new Error(`the licence ${licence.licenceId} moves without end`)
}

/** Keeps what is shown of the subscription up to date: card, open invoice, retries. */
async function note(
  ctx: BillingCtx,
  input: { readonly licence: Licence; readonly choice: Choice; readonly check: WriteOperation },
): Promise<Licence> {
  const { licence, choice, check } = input
  const facts = choice.current?.facts
  // A licence that is over keeps the subscription it had, so that a new one is known to be new when it is paid.
  const isOver = licence.state === 'expired' || licence.state === 'refunded'
  if (facts === undefined || licence.state === 'closed') return licence
  if (isOver && facts.subscriptionId !== licence.stripe?.subscriptionId) return licence
  if (licence.stripe !== undefined && isSameFacts(licence.stripe, facts)) return licence
  return noteOnLicence(ctx, licence, { stripe: facts }, [check])
}
