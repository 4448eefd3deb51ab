import { Failure, isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import { planControlMails } from '../control-mail/plan-control-mail.ts'
import { notDueRemoves } from '../due.ts'
import { getLicensee } from '../licensee/licensee-store.ts'
import type { Notice } from '../outbox.ts'
import { getTenant } from '../tenant/tenant-store.ts'
import { isLeaving } from './assert-servable.ts'
import { isLiveStatus } from './calendar.ts'
import { dueItemsOf, mailsDue, nextDueOf } from './due-items.ts'
import { lapseOf, warningOf } from './lapse-claim.ts'
import { type Licence, LicenceFailure } from './licence.ts'
import type { LicenceCtx } from './licence-context.ts'
import type { LicenceEvent } from './licence-event.ts'
import { licenceKey } from './licence-key.ts'
import { decideLicence } from './licence-machine.ts'
import { calendarMail } from './licence-mails.ts'
import { getLicence } from './licence-store.ts'
import { licenceDue, type Move, moveLicence } from './move-licence.ts'

/** A licence that nobody looked at for years walks through all its states at once; there are fewer than these. */
const MOVES_MAX = 12

/**
 * Does what a licence's calendar says is due now: transitions of the clock, each in its own transaction, then mails that were not yet planned
 * for this period, then sets when to look again. Safe to run twice, late, and beside its twin.
 */
export async function lookAtLicence(whole: LicenceCtx, input: { readonly licenceId: string }): Promise<void> {
  const ctx: LicenceCtx = { ...whole, actor: { type: 'system', id: 'scheduler' }, scope: { kind: 'all' } }
  // Whatever's time comes while this runs is ahead of this look: the next one does it.
  const startedAt = ctx.clock.now()
  const licence = await moveByClock(ctx, await getLicence(ctx, input.licenceId))
  await planMails(ctx, licence)
  await askStripe(ctx, licence)
  await stopRenewal(ctx, licence)
  await setDue(ctx, licence, startedAt)
}

async function moveByClock(ctx: LicenceCtx, found: Licence): Promise<Licence> {
  let licence = found
  for (let moves = 0; moves < MOVES_MAX; moves += 1) {
    const licenceEvent = (await tenantDeleted(ctx, licence)) ?? eventDue(ctx, licence)
    if (licenceEvent === undefined) return licence
    const along = await alongWith(ctx, licence, licenceEvent)
    if (along === undefined) return licence
    licence = await moveLicence(ctx, { licence, licenceEvent, ...along })
  }
  throw new Error(`the licence ${licence.licenceId} moves without end`)
}

/** What is written with a move; undefined: it cannot be made now. */
async function alongWith(
  ctx: LicenceCtx,
  licence: Licence,
  licenceEvent: LicenceEvent,
): Promise<Omit<Move, 'licence' | 'licenceEvent'> | undefined> {
  if (licenceEvent.kind === 'claim_lapsed') return lapseOf(ctx, licence)
  if (licenceEvent.kind !== 'lapse_warned') return { notices: await endSale(ctx, licence, licenceEvent) }
  const decision = decideLicence(licence, licenceEvent, ctx.actor, ctx.clock.now())
  return decision.kind === 'moved' ? { mails: await warningOf(ctx, decision.licence) } : undefined
}

/** What is gone for good must not be charged again: billing ends its subscription. */
async function endSale(ctx: LicenceCtx, { licenseeId }: Licence, { kind }: LicenceEvent): Promise<readonly Notice[]> {
  if (kind !== 'retention_ended' && kind !== 'tenant_deleted') return []
  const { stripeCustomerId } = await getLicensee(ctx, licenseeId)
  return stripeCustomerId === undefined ? [] : [{ queueName: 'billing-sync', body: { stripeCustomerId } }]
}

function eventDue(ctx: LicenceCtx, licence: Licence): LicenceEvent | undefined {
  const now = ctx.clock.now()
  return dueItemsOf(licence, ctx.licenceSettings).events.find(
    ({ licenceEvent, at }) => at <= now && decideLicence(licence, licenceEvent, ctx.actor, now).kind === 'moved',
  )?.licenceEvent
}

async function tenantDeleted(ctx: LicenceCtx, licence: Licence): Promise<LicenceEvent | undefined> {
  if (licence.state === 'closed') return undefined
  const { state } = await getTenant(ctx, licence.tenantId)
  return state === 'deleted' ? { kind: 'tenant_deleted' } : undefined
}

async function planMails(ctx: LicenceCtx, licence: Licence): Promise<void> {
  const due = mailsDue(dueItemsOf(licence, ctx.licenceSettings), ctx.clock.now())
  if (due.length === 0) return
  const licensee = await getLicensee(ctx, licence.licenseeId)
  const mails = due.map((mail) => calendarMail(ctx, { licence, licensee, kind: mail.kind }))
  const { operations, notices } = await planControlMails(ctx, mails)
  if (operations.length === 0) return
  const { licenceId, licenseeId, tenantId, version } = licence
  try {
    await commit(ctx, {
      // A payment that came between must stop the reminder.
      operations: [
        {
          kind: 'check',
          key: licenceKey(licenseeId, licenceId),
          when: { attribute: 'version', is: '=', value: version },
        },
        ...operations,
      ],
      audit: {
        action: 'licence.mailed',
        target: { kind: 'licence', id: licenceId },
        licenseeId,
        tenantId,
        reason: due.map(({ kind }) => kind).join(', '),
      },
      notices,
    })
  } catch (error) {
    if (!(error instanceof Failure) || !error.code.startsWith('table.co')) throw error
    throw LicenceFailure.changed_meanwhile('The licence was changed while its mails were planned.', { cause: error })
  }
}

async function askStripe(ctx: LicenceCtx, licence: Licence): Promise<void> {
  const { askStripeAt } = dueItemsOf(licence, ctx.licenceSettings)
  if (askStripeAt === undefined || askStripeAt > ctx.clock.now()) return
  const { stripeCustomerId } = await getLicensee(ctx, licence.licenseeId)
  if (stripeCustomerId !== undefined) await ctx.queues.send('billing-sync', JSON.stringify({ stripeCustomerId }))
}

/** A tenant that is being removed must not be paid for any more, by a renewal or on an open page: billing sees to it. */
async function stopRenewal(ctx: LicenceCtx, { licenseeId, tenantId, stripe, checkout }: Licence): Promise<void> {
  const isRenewing = stripe !== undefined && isLiveStatus(stripe.status) && !stripe.cancelAtPeriodEnd
  if (!isRenewing && checkout === undefined) return
  if (!isLeaving(await getTenant(ctx, tenantId))) return
  const { stripeCustomerId } = await getLicensee(ctx, licenseeId)
  if (stripeCustomerId !== undefined) await ctx.queues.send('billing-sync', JSON.stringify({ stripeCustomerId }))
}

/** Only over the version that was looked at: whoever changed it since has marked it due himself. */
async function setDue(ctx: LicenceCtx, licence: Licence, startedAt: number): Promise<void> {
  const { licenceId, licenseeId, version } = licence
  const dueAt = nextDueOf(licence, ctx.licenceSettings, startedAt)
  try {
    await ctx.table.write({
      kind: 'update',
      key: licenceKey(licenseeId, licenceId),
      ...(dueAt === undefined ? { remove: notDueRemoves } : { set: { ...licenceDue(ctx, licenceId, dueAt) } }),
      when: { attribute: 'version', is: '=', value: version },
    })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
  }
}
