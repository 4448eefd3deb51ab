import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { type CounterDelta, dayName } from './counters.ts'
import { forEachEvent, type LiveCounts, readLive } from './live-counts.ts'
import {
  closedKey,
  differenceOf,
  type Owner,
  ownerDayKey,
  ownerKey,
  type RolledEvent,
  rolledEventKey,
} from './owner.ts'
import { touchedEvents } from './touched-events.ts'

/** A day is over for its counters an hour after midnight: no write that was begun on it can still come (the longest function lives minutes). */
const GRACE_MS = 3_600_000
const DAY_MS = 86_400_000

/** A twin rolls the same event up at the same time: looked at anew, at most so often. */
const TRIES = 8

/** With both owners' rows and the event's own it stays below the hundred of a transaction. */
const DAYS_AT_ONCE = 40

/**
 * Brings what an event has counted since its last roll-up into the sums of its organizer and of the domain, with the note of what that was in the
 * same transaction: run twice, beside its twin or killed, each count gets there once. Nobody who counts writes a row more for it.
 */
export async function rollUpEvent(ctx: Ctx, eventId: string, throughDay: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const live = await readLive(ctx, eventId)
    if (live === undefined) return
    const { rolled, days } = live
    const due = days.filter(({ day }) => day > (rolled.throughDay ?? '') && day <= throughDay)
    const closing = due.slice(0, DAYS_AT_ONCE)
    const moved = differenceOf(live.counts, rolled.counts)
    if (Object.keys(moved).length === 0 && closing.length === 0) return
    try {
      await ctx.table.transact(operationsOf(live, moved, closing))
      if (closing.length === due.length) return
      attempt = 0
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

function operationsOf(live: LiveCounts, moved: CounterDelta, closing: LiveCounts['days']): readonly WriteOperation[] {
  const { eventId, organizerAddress, rolled, counts } = live
  const throughDay = closing.at(-1)?.day ?? rolled.throughDay
  const after: RolledEvent = {
    version: rolled.version + 1,
    counts: differenceOf(counts, {}),
    ...(throughDay === undefined ? {} : { throughDay }),
  }
  const owners: readonly Owner[] = ['domain', { organizerAddress }]
  return [
    {
      kind: 'put',
      item: { ...rolledEventKey(eventId), ...after },
      when: rolled.version === 0 ? { row: 'absent' } : { attribute: 'version', is: '=', value: rolled.version },
    },
    ...owners.flatMap((owner): readonly WriteOperation[] => [
      { kind: 'update', key: ownerKey(owner), add: { ...moved, version: 1 } },
      ...closing
        .filter((day) => Object.keys(day.counts).length > 0)
        .map(({ day, counts: add }): WriteOperation => ({ kind: 'update', key: ownerDayKey(owner, day), add })),
    ]),
  ]
}

/** Rolls up every event that counted something on a day that is over, then notes that day: a run that is killed is done again from there. */
export async function closeDays(ctx: Ctx): Promise<void> {
  const through = dayName(ctx.clock.now() - GRACE_MS - DAY_MS)
  const after = await closedDay(ctx)
  if (after !== undefined && after >= through) return
  await forEachEvent(await touchedEvents(ctx, { after, through }), (eventId) => rollUpEvent(ctx, eventId, through))
  await ctx.table.write({ kind: 'update', key: closedKey, set: { day: through } })
}

/** The last day that is rolled up for every event. */
export async function closedDay(ctx: Ctx): Promise<string | undefined> {
  const row = await ctx.table.get(closedKey)
  return typeof row?.day === 'string' ? row.day : undefined
}
