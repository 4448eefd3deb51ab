import { findEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { type CounterDelta, type EventCounts, readCounts } from './counters.ts'
import { NOTHING_ROLLED, RolledEvent, rolledEventKey } from './owner.ts'

/** One event's counts as they are, and what of them was rolled up. */
export type LiveCounts = {
  readonly eventId: string
  readonly organizerAddress: string
  /** Answers count in the epoch of the event's last reset. */
  readonly counts: CounterDelta
  readonly days: EventCounts['days']
  readonly rolled: RolledEvent
}

/** Undefined when the event is gone. */
export async function readLive(ctx: Ctx, eventId: string): Promise<LiveCounts | undefined> {
  const calendarEvent = await findEvent(ctx, eventId)
  if (calendarEvent === undefined) return undefined
  const row = await ctx.table.get(rolledEventKey(eventId))
  const { totals, answers, days } = await readCounts(ctx, eventId, calendarEvent.lastResetSequence)
  return {
    eventId,
    organizerAddress: calendarEvent.organizerAddress,
    counts: { ...totals, ...answers },
    days,
    rolled: row === undefined ? NOTHING_ROLLED : RolledEvent.parse(row),
  }
}

/** Events looked at together: most of the time goes by waiting for the table. */
const AT_ONCE = 16

/** Does the same for each event, some at once. */
export async function forEachEvent(
  eventIds: readonly string[],
  act: (eventId: string) => Promise<void>,
): Promise<void> {
  const left = [...eventIds]
  const workOff = async () => {
    for (let eventId = left.pop(); eventId !== undefined; eventId = left.pop()) await act(eventId)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, workOff))
}
