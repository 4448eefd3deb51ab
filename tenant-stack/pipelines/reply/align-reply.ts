import { recurrenceKeyOf } from '#shared/icalendar/times.ts'
import type { IncomingReply } from '#shared/itip/decisions.ts'
import { isOccurrence } from '#shared/itip/occurrences.ts'
import { askTwice } from '#tenant-stack/core/ask-twice.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

export type AlignedReply = { readonly reply: IncomingReply; readonly isOccurrence: boolean }

/**
 * Brings a reply's RECURRENCE-ID to the event's own kind of time and tells whether the event has such an instance. A single event
 * answered with its own start as RECURRENCE-ID (some clients do) is answered as a whole. Undefined: the rule blew the budget.
 */
export async function alignReply(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  reply: IncomingReply,
): Promise<AlignedReply | undefined> {
  const { recurrenceId } = reply.vevent
  if (recurrenceId === undefined) return { reply, isOccurrence: true }
  const { series } = (await getContent(ctx, calendarEvent.seriesBlobKey)).stored
  const { master } = series
  const recurrenceKey = recurrenceKeyOf(recurrenceId, master?.dtstart, series.customZones)
  if (master !== undefined && master.recurrence === undefined && series.overrides.length === 0) {
    const { recurrenceId: _id, recurrenceKey: _key, ...whole } = reply.vevent
    const isStart = recurrenceKey === recurrenceKeyOf(master.dtstart)
    return isStart ? { reply: { ...reply, vevent: whole }, isOccurrence: true } : { reply, isOccurrence: false }
  }
  const aligned = { ...reply, vevent: { ...reply.vevent, recurrenceKey } }
  if (series.overrides.some((override) => override.recurrenceKey === recurrenceKey))
    return { reply: aligned, isOccurrence: true }
  if (master === undefined) return { reply: aligned, isOccurrence: false }
  const answers = await askTwice(() => ctx.reader.occurs({ series, recurrenceKeys: [recurrenceKey] }))
  if (answers.kind !== 'done') return undefined
  const occurrences = new Map([[recurrenceKey, answers.value[0] === true]])
  return { reply: aligned, isOccurrence: isOccurrence(recurrenceKey, master, occurrences, series.customZones) }
}
