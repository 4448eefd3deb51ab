import type { CalendarRevision } from './calendar-revision.ts'
import { CalendarFailure } from './calendar-revision.ts'
import { componentsOf } from './components.ts'
import { escapeText } from './escape.ts'
import { foldLine, foldLines } from './fold.ts'
import { seriesSpan } from './series-span.ts'
import type { TimeStyle } from './time-lines.ts'
import { linesAfter, linesBefore } from './vevent-lines.ts'
import { vtimezoneLines } from './vtimezone.ts'

export const PRODID = '-//Convoke//Convoke 1.0//EN'

/** The calendar of a revision without its personal lines. */
export type InviteCalendar = {
  /** One more than there are VEVENTs. Between each two stand ORGANIZER, `uidLine` and ATTENDEE, the same ones everywhere. */
  readonly pieces: readonly string[]
  /** Folded, with CRLF. */
  readonly uidLine: string
}

/**
 * A VCALENDAR with METHOD, VTIMEZONEs and VEVENTs, lines folded and ended by CRLF, cut where an attendee's own lines go.
 * A single timed event is in UTC, a recurring one in its zone. Throws a CalendarFailure when there is nothing to write.
 */
export function inviteCalendar(revision: CalendarRevision): InviteCalendar {
  const { master } = revision.series
  const style: TimeStyle = { keepsZones: master?.recurrence !== undefined, tzids: new Set() }
  const vevents = componentsOf(revision).map((component) => ({
    before: linesBefore(component, revision, style),
    after: linesAfter(component, revision, style),
  }))
  const begin = [
    'BEGIN:VCALENDAR',
    `PRODID:${PRODID}`,
    'VERSION:2.0',
    'CALSCALE:GREGORIAN',
    `METHOD:${revision.isPublished === true ? 'PUBLISH' : revision.method}`,
  ]
  let open = foldLines([...begin, ...zoneLines(revision, style.tzids)])
  const pieces: string[] = []
  for (const { before, after } of vevents) {
    pieces.push(open + foldLines(before))
    open = foldLines(after)
  }
  pieces.push(`${open}END:VCALENDAR\r\n`)
  return { pieces, uidLine: foldLine(`UID:${escapeText(revision.uid)}`) }
}

function zoneLines({ series, dtstamp }: CalendarRevision, tzids: ReadonlySet<string>): string[] {
  const span = seriesSpan(series, dtstamp)
  return [...tzids].flatMap((tzid) => {
    try {
      return vtimezoneLines(tzid, span, series.customZones)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw CalendarFailure.unknown_zone(`no zone data for ${JSON.stringify(tzid)}`, { cause: error })
    }
  })
}
