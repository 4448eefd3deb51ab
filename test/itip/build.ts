import { withContentHash } from '#shared/icalendar/content-hash.ts'
import type { CalendarTime, ItipMethod, Vevent } from '#shared/icalendar/model.ts'
import { addDuration, recurrenceKeyOf, zonedTime } from '#shared/icalendar/times.ts'
import { applyDecision } from '#shared/itip/apply-decision.ts'
import { decideOrganizer } from '#shared/itip/decide-organizer.ts'
import type { IncomingItip, OrganizerDecision, StoredSeries, Who } from '#shared/itip/decisions.ts'
import { answerOccurrences } from './occurs.ts'

export const UID = 'weekly-4711@client.example.org'
export const ANA: Who = { address: 'ana@example.org' }
export const STRANGER: Who = { address: 'mallory@example.com' }

type Given = {
  readonly uid?: string
  /** `2026-03-03`, `2026-03-03T10:00:00Z`, `2026-03-03T10:00:00` (in `tzid`). */
  readonly start?: string
  readonly tzid?: string
  readonly hours?: number
  /** Names the instance; same spellings as `start`. */
  readonly instance?: string
  readonly sequence?: number
  readonly dtstamp?: string
  readonly rrule?: string
  readonly exdates?: readonly string[]
  readonly rdates?: readonly string[]
} & Partial<
  Pick<Vevent, 'summary' | 'location' | 'description' | 'status' | 'attendees' | 'organizer' | 'isThisAndFuture'>
>

/** Monday 2 March 2026, 10:00 in Madrid, one hour, unless told otherwise. */
export function vevent(given: Given = {}): Vevent {
  const { uid = UID, tzid = 'Europe/Madrid', hours = 1, sequence, exdates = [], rdates = [], instance } = given
  const dtstart = time(given.start ?? given.instance ?? '2026-03-02T10:00:00', tzid)
  const isAllDay = dtstart.kind === 'date'
  const dtend = addDuration(dtstart, isAllDay ? { days: 1, seconds: 0 } : { days: 0, seconds: hours * 3600 })
  const recurrenceId = instance === undefined ? undefined : time(instance, tzid)
  const isRecurring = given.rrule !== undefined || rdates.length > 0
  const attendees = given.attendees ?? [{ address: 'create@events.example.com', partstat: 'NEEDS-ACTION' as const }]
  return withContentHash({
    uid,
    sequence: sequence ?? 0,
    hasSequence: sequence !== undefined,
    dtstamp: given.dtstamp ?? '2026-02-20T09:00:00Z',
    dtstart,
    dtend,
    isAllDay,
    summary: given.summary ?? 'Weekly review',
    status: given.status ?? 'CONFIRMED',
    transp: 'OPAQUE',
    organizer: given.organizer ?? { address: ANA.address, name: 'Ana Diaz' },
    attendees,
    attendeeCount: attendees.length,
    ...(given.location !== undefined && { location: given.location }),
    ...(given.description !== undefined && { description: given.description }),
    ...(given.isThisAndFuture && { isThisAndFuture: given.isThisAndFuture }),
    ...(recurrenceId !== undefined && { recurrenceId, recurrenceKey: recurrenceKeyOf(recurrenceId) }),
    ...(isRecurring && {
      recurrence: {
        rrules: given.rrule === undefined ? [] : [given.rrule],
        rdates: rdates.map((text) => time(text, tzid)),
        exdates: exdates.map((text) => time(text, tzid)),
      },
    }),
  })
}

export function mail(method: ItipMethod | undefined, ...vevents: readonly Vevent[]): IncomingItip {
  return { method, uid: vevents[0]?.uid ?? UID, vevents, customZones: [], warnings: [] }
}

/** Decides one mail and stores what came of it, as a pipeline does. */
export function deliver(
  stored: StoredSeries | undefined,
  incoming: IncomingItip,
  who: Who = ANA,
): { readonly decision: OrganizerDecision; readonly stored: StoredSeries | undefined } {
  const decision = decideOrganizer({ incoming, stored, who, occurrences: answerOccurrences(incoming, stored) })
  return { decision, stored: applyDecision(stored, decision, who) }
}

/** What is stored after these mails, in this order. */
export function storedAfter(...mails: readonly IncomingItip[]): StoredSeries | undefined {
  return mails.reduce<StoredSeries | undefined>((stored, incoming) => deliver(stored, incoming).stored, undefined)
}

function time(text: string, tzid: string): CalendarTime {
  if (text.length === 10) return { kind: 'date', date: text }
  if (text.endsWith('Z')) return { kind: 'utc', instant: text }
  return zonedTime(text, tzid) ?? { kind: 'floating', local: text }
}
