import type { CalendarRevision } from './calendar-revision.ts'
import { foldLine } from './fold.ts'
import { inviteCalendar } from './invite-calendar.ts'
import { organizerLine } from './personal-lines.ts'

/** A state of a series for whoever takes it into his calendar; METHOD:CANCEL publishes that it was called off. */
export type Publication = Omit<CalendarRevision, 'isPublished' | 'onlyRecurrenceKeys'> & {
  readonly organizer: { readonly address: string; readonly name?: string }
}

/**
 * A whole VCALENDAR with METHOD:PUBLISH (RFC 5546 §3.2.1), CRLF line ends: with ORGANIZER and without ATTENDEE, so that nobody is asked to answer.
 * Throws a CalendarFailure when there is nothing to write.
 */
export function writePublish({ organizer, ...revision }: Publication): string {
  const { pieces, uidLine } = inviteCalendar({ ...revision, isPublished: true })
  return pieces.join(`${foldLine(organizerLine(organizer))}${uidLine}`)
}
