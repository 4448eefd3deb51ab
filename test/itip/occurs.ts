import { RRuleTemporal } from 'rrule-temporal'
import type { CalendarTime, Vevent } from '#shared/icalendar/model.ts'
import { toInstantMs } from '#shared/icalendar/times.ts'
import type { IncomingItip, StoredSeries } from '#shared/itip/decisions.ts'
import { type Occurrences, occurrenceQuestion } from '#shared/itip/occurrences.ts'

/** Test series are short; a rule without end is looked at this far. */
const OCCURRENCES_LOOKED_AT = 200

/** Answers what `decideOrganizer` must know, by the recurrence library itself, apart from the product's own gate and budget. */
export function answerOccurrences(incoming: IncomingItip, stored: StoredSeries | undefined): Occurrences {
  const question = occurrenceQuestion(incoming, stored)
  const master = question?.series.master
  if (question === undefined || master === undefined) return new Map()
  const starts = new Set(startsOf(master))
  return new Map(question.recurrenceKeys.map((key) => [key, starts.has(keyMs(key))]))
}

function startsOf(master: Vevent): readonly number[] {
  const { dtstart, recurrence } = master
  const dtstartLine = lineOf(dtstart)
  return (recurrence?.rrules ?? []).flatMap((rrule) =>
    new RRuleTemporal({ rruleString: `${dtstartLine}\nRRULE:${rrule}` })
      .all((_, index) => index < OCCURRENCES_LOOKED_AT)
      .map((date) => (dtstart.kind === 'date' ? Date.parse(date.toString().slice(0, 10)) : date.epochMilliseconds)),
  )
}

function lineOf(time: CalendarTime): string {
  const digits = (text: string) => text.replaceAll(/[-:]/g, '')
  if (time.kind === 'zoned') return `DTSTART;TZID=${time.tzid}:${digits(time.local)}`
  if (time.kind === 'utc') return `DTSTART:${digits(time.instant)}`
  if (time.kind === 'date') return `DTSTART;TZID=UTC:${digits(time.date)}T000000`
  return `DTSTART:${digits(time.local)}Z`
}

function keyMs(key: string): number {
  return toInstantMs(
    key.length === 10
      ? { kind: 'date', date: key }
      : key.endsWith('Z')
        ? { kind: 'utc', instant: key }
        : { kind: 'floating', local: key },
  )
}
