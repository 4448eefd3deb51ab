import { isFailure } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { RetryAfter } from '#shared/rates/limit-rate.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { readCounts } from '../counters/counters.ts'
import { findOrganizer } from '../organizer/organizer.ts'
import { LimitFailure, limitOf } from './limits.ts'

const DAY_MS = 86_400_000
/** A day's row is of use to whoever looks the day after. */
const DAY_ROW_DAYS = 3

/** Places for first invitations that were taken before anything was written. A death in between loses them: never is one too many invited. */
export type Quota = { readonly taken: number; readonly giveBack: (count: number) => Promise<void> }

/** An event and whose it is. */
type Of = { readonly eventId: string; readonly organizerAddress: string }

/**
 * Takes places for so many invitations of one event, at most as many as its limit, its organizer's day and the domain's day have left: in one conditional write each, so
 * that twins together never pass a limit. Takes fewer, also none, when there are not so many. Updates and cancels need no place.
 */
export async function takeQuota(ctx: Ctx, { eventId, organizerAddress, wanted }: Of & { readonly wanted: number }) {
  const own = await findOrganizer(ctx, organizerAddress)
  const event = await takeOf(ctx, eventRow(eventId), {
    wanted,
    max: await limitOf(ctx, 'invitesPerEvent', own),
    first: async () => (await readCounts(ctx, eventId, 0)).totals.invited ?? 0,
  })
  const dayKey = dayRow(ctx.clock.now())
  const ownKey = dayRow(ctx.clock.now(), organizerAddress)
  const ofDay = {
    first: async () => 0,
    expiresAt: Math.floor((ctx.clock.now() + DAY_ROW_DAYS * DAY_MS) / 1000),
  }
  const ownMax = await limitOf(ctx, 'sendsPerDay', own)
  const ownDay = await takeOf(ctx, ownKey, { wanted: event, max: ownMax, ...ofDay })
  const day = await takeOf(ctx, dayKey, { wanted: ownDay, max: await limitOf(ctx, 'sendsPerDay'), ...ofDay })
  if (day < ownDay) await add(ctx, ownKey, day - ownDay)
  if (day < event) await add(ctx, eventRow(eventId), day - event)
  return {
    taken: day,
    /** Which limit has left no more, where fewer were taken than wanted. */
    bound: day < event ? ('sends_per_day' as const) : ('invites_per_event' as const),
    /** So many the limit that bound takes. */
    max: await limitOf(ctx, day < event ? 'sendsPerDay' : 'invitesPerEvent', day < ownDay ? undefined : own),
    async giveBack(count: number) {
      if (count <= 0) return
      await add(ctx, eventRow(eventId), -count)
      await add(ctx, ownKey, -count)
      await add(ctx, dayKey, -count)
    },
  }
}

/** How many invitations of an event have room now, by its limit and the days'; nothing is taken. */
export async function roomFor(ctx: Ctx, eventId: string): Promise<number> {
  const { organizerAddress } = await getEvent(ctx, eventId)
  const own = await findOrganizer(ctx, organizerAddress)
  const now = ctx.clock.now()
  const used = async (key: TableKey) => Number((await ctx.table.get(key))?.used ?? 0)
  const ofEvent = (await limitOf(ctx, 'invitesPerEvent', own)) - (await used(eventRow(eventId)))
  const ofDay = (await limitOf(ctx, 'sendsPerDay')) - (await used(dayRow(now)))
  const ofOwnDay = (await limitOf(ctx, 'sendsPerDay', own)) - (await used(dayRow(now, organizerAddress)))
  return Math.max(0, Math.min(ofEvent, ofDay, ofOwnDay))
}

/** One place, or the refusal that says what is full and until when. Throws `limit.invites_per_event`, `limit.sends_per_day`. */
export async function takePlace(ctx: Ctx, of: Of): Promise<Quota> {
  const quota = await takeQuota(ctx, { ...of, wanted: 1 })
  if (quota.taken === 1) return quota
  if (quota.bound === 'invites_per_event')
    throw LimitFailure.invites_per_event(
      `This event has its ${quota.max} invitations; ask your administrator for more.`,
    )
  const now = ctx.clock.now()
  const resetsAt = `${new Date(now + DAY_MS).toISOString().slice(0, 10)}T00:00:00Z`
  const cause: RetryAfter = { retryAfterSeconds: Math.ceil((Date.parse(resetsAt) - now) / 1000) }
  throw LimitFailure.sends_per_day(
    `The ${quota.max} invitations of this day are used up; more can be sent from ${resetsAt} on.`,
    { cause },
  )
}

function eventRow(eventId: string): TableKey {
  return { pk: `event#${eventId}`, sk: 'quota' }
}

/** Of the domain, or of one organizer: both bound a day. */
function dayRow(now: number, organizerAddress?: string): TableKey {
  const day = new Date(now).toISOString().slice(0, 10)
  return organizerAddress === undefined
    ? { pk: `quota#${day}`, sk: 'sends' }
    : { pk: `organizer#${organizerAddress}`, sk: `sends#${day}` }
}

/** Somebody else takes at the same moment: the row is read anew. */
const TRIES = 20

type Bound = {
  readonly wanted: number
  readonly max: number
  /** What was used before there was a row. */
  readonly first: () => Promise<number>
  readonly expiresAt?: number
}

async function takeOf(ctx: Ctx, key: TableKey, { wanted, max, first, expiresAt }: Bound): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const row = await ctx.table.get(key)
    const used = typeof row?.used === 'number' ? row.used : await first()
    const count = Math.max(0, Math.min(wanted, max - used))
    if (count === 0) return 0
    try {
      await ctx.table.write({
        kind: 'put',
        item: { ...key, used: used + count, ...(expiresAt === undefined ? {} : { expiresAt }) },
        when: row === undefined ? { row: 'absent' } : { attribute: 'used', is: '=', value: used },
      })
      return count
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

async function add(ctx: Ctx, key: TableKey, count: number): Promise<void> {
  await ctx.table.write({ kind: 'update', key, add: { used: count } })
}
