import type { EventBody, EventChangeBody } from '#shared/contracts/events-api.ts'
import { type UnhashedVevent, withContentHash } from '#shared/icalendar/content-hash.ts'
import type { CalendarAddress, CalendarTime, CustomZone, Instant, Recurrence, Vevent } from '#shared/icalendar/model.ts'
import { draftRule, movedRecurrence } from './draft-recurrence.ts'
import { draftEnd, draftTime } from './draft-time.ts'
import { gatherWrong, type Wrong } from './draft-wrong.ts'

export type NewVevent = {
  readonly uid: string
  readonly dtstamp: Instant
  readonly organizer: CalendarAddress
}

/** The component of an event that no calendar wrote. Throws `event.invalid` with all that is wrong. */
export function draftVevent(body: EventBody, { uid, dtstamp, organizer }: NewVevent): Vevent {
  const wrong = gatherWrong()
  const dtstart = draftTime(body.start, 'start', wrong)
  const dtend = dtstart === undefined ? undefined : draftEnd(dtstart, body, undefined, wrong)
  const { rrule } = body
  const recurrence = rrule === undefined || dtstart === undefined ? undefined : draftRule(rrule, dtstart, wrong)
  wrong.end()
  if (dtstart === undefined || dtend === undefined) throw new Error('a time is missing and nobody said so')
  const vevent: UnhashedVevent = {
    uid,
    sequence: 0,
    hasSequence: true,
    dtstamp,
    dtstart,
    dtend,
    isAllDay: dtstart.kind === 'date',
    summary: body.subject,
    ...locationOf(body.location),
    ...descriptionOf(body.description),
    status: 'CONFIRMED',
    transp: 'OPAQUE',
    organizer,
    attendees: [],
    attendeeCount: 0,
    ...(recurrence === undefined ? {} : { recurrence }),
  }
  return withContentHash(vevent)
}

/** A master with what a request changes of it; the same content when it changes nothing. Throws `event.invalid`. */
export function changedVevent(before: Vevent, change: EventChangeBody, customZones: readonly CustomZone[]): Vevent {
  const wrong = gatherWrong()
  const times = changedTimes(before, change, wrong)
  const recurrence =
    times === undefined ? undefined : changedRecurrence(before, change, times.dtstart, customZones, wrong)
  wrong.end()
  const { contentHash: _, location, description, descriptionHtml, recurrence: __, ...kept } = before
  const isNewText = change.description !== undefined && plain(change.description) !== (description ?? '')
  const isNewPlace = change.location !== undefined && plain(change.location) !== (location ?? '')
  return withContentHash({
    ...kept,
    ...times,
    summary: change.subject ?? before.summary,
    ...locationOf(isNewPlace ? change.location : location),
    ...descriptionOf(isNewText ? change.description : description),
    ...(isNewText || descriptionHtml === undefined ? {} : { descriptionHtml }),
    ...(recurrence === undefined ? {} : { recurrence }),
  })
}

function changedTimes(before: Vevent, change: EventChangeBody, wrong: Wrong) {
  const dtstart = change.start === undefined ? before.dtstart : draftTime(change.start, 'start', wrong)
  if (dtstart === undefined) return undefined
  const isMoved = change.start !== undefined || change.end !== undefined || change.duration !== undefined
  const dtend = isMoved ? draftEnd(dtstart, change, before, wrong) : before.dtend
  return dtend === undefined ? undefined : { dtstart, dtend, isAllDay: dtstart.kind === 'date' }
}

function changedRecurrence(
  { recurrence }: Vevent,
  change: EventChangeBody,
  dtstart: CalendarTime,
  customZones: readonly CustomZone[],
  wrong: Wrong,
): Recurrence | undefined {
  if (change.rrule === null) return undefined
  const drafted = change.rrule === undefined ? undefined : draftRule(change.rrule, dtstart, wrong)
  const isSameRule = change.rrule === undefined || drafted?.rrules.join() === recurrence?.rrules.join()
  if (!isSameRule || recurrence === undefined) return drafted
  // The same rule again: the dates that were taken out of it stay out.
  return change.start === undefined ? recurrence : movedRecurrence(recurrence, dtstart, customZones, wrong)
}

/** No property says that there is no place. */
function locationOf(text: string | null | undefined): { readonly location?: string } {
  return text === null || text === undefined || text === '' ? {} : { location: plain(text) }
}

function descriptionOf(text: string | null | undefined): { readonly description?: string } {
  return text === null || text === undefined || text === '' ? {} : { description: plain(text) }
}

function plain(text: string | null): string {
  return (text ?? '').replaceAll(/\r\n?/g, '\n')
}
