import fc from 'fast-check'
import ICAL from 'ical.js'
import ical from 'node-ical'
import { describe, expect, it } from 'vitest'
import { expandSeries } from '../recurrence/expand-series.ts'
import { calendarText, onlyCalendar, seriesOf, veventLines, veventOf } from '../testing/calendar-text.ts'
import { toInstantMs } from '../times.ts'

/** What another parser makes of the only VEVENT. */
function byIcalJs(text: string): ICAL.Component {
  const vevent = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')
  if (vevent === null) throw new Error('ical.js sees no VEVENT')
  return vevent
}

/** TEXT as RFC 5545 §3.3.11 wants it written. */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n')
}

/** Visible text without leading, trailing or doubled blanks, which we trim on purpose. */
const words = fc
  .array(
    fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019äß東🎉,;:\\"\'()<>=@&%')), minLength: 1, maxLength: 8 }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(' '))

describe('clean calendars read as ical.js reads them', () => {
  it('in their texts', () => {
    fc.assert(
      fc.property(words, words, (summary, location) => {
        const text = calendarText(...veventLines(`SUMMARY:${escaped(summary)}`, `LOCATION:${escaped(location)}`))
        const theirs = byIcalJs(text)
        const ours = veventOf(onlyCalendar(text))
        expect(ours.summary).toBe(String(theirs.getFirstPropertyValue('summary')))
        expect(ours.location).toBe(String(theirs.getFirstPropertyValue('location')))
      }),
    )
  })

  it('in the quoted names of attendees', () => {
    fc.assert(
      fc.property(words, (written) => {
        const name = written.replaceAll(/["\\]/g, '').replaceAll(/\s+/g, ' ').trim()
        fc.pre(name !== '')
        const text = calendarText(...veventLines(`ATTENDEE;CN="${name}";RSVP=TRUE:mailto:a@example.com`))
        const theirs = byIcalJs(text).getFirstProperty('attendee')
        const [ours] = veventOf(onlyCalendar(text)).attendees
        expect(ours?.name).toBe(theirs?.getParameter('cn'))
        expect(`mailto:${ours?.address}`).toBe(theirs?.getFirstValue())
      }),
    )
  })
})

describe('instants agree with node-ical', () => {
  it('for any minute of a year in any of these zones, but where it is ambiguous or missing', () => {
    const zones = fc.constantFrom(
      'Europe/Madrid',
      'America/New_York',
      'Australia/Sydney',
      'Asia/Kolkata',
      'America/Sao_Paulo',
    )
    const minutes = fc.integer({ min: 0, max: 365 * 24 * 60 - 1 })
    fc.assert(
      fc.property(zones, minutes, (tzid, minute) => {
        const local = new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString().slice(0, 19)
        // Between midnight and four o'clock a change of offset may fall: times.test.ts has those.
        fc.pre(Number(local.slice(11, 13)) >= 4)
        const text = calendarText(...veventLines(`DTSTART;TZID=${tzid}:${local.replaceAll(/[-:]/g, '')}`))
        const theirs = Object.values(ical.sync.parseICS(text)).find((component) => component?.type === 'VEVENT')
        const start = theirs?.type === 'VEVENT' ? theirs.start : undefined
        expect(toInstantMs(veventOf(onlyCalendar(text)).dtstart)).toBe(start?.getTime())
      }),
      { numRuns: 60 },
    )
  })
})

describe('instances agree with ical.js', () => {
  const rules = fc.oneof(
    fc.constantFrom('FREQ=DAILY', 'FREQ=DAILY;INTERVAL=3', 'FREQ=WEEKLY', 'FREQ=WEEKLY;BYDAY=MO,WE,FR'),
    fc.constantFrom('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO'),
    fc.constantFrom('FREQ=MONTHLY;BYMONTHDAY=3', 'FREQ=MONTHLY;BYDAY=1TU', 'FREQ=MONTHLY;BYDAY=-1FR'),
    fc.constantFrom('FREQ=YEARLY', 'FREQ=YEARLY;BYMONTH=3;BYDAY=1TU', 'FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=2'),
  )
  it('for the rules that invitations have', () => {
    fc.assert(
      fc.property(rules, fc.integer({ min: 1, max: 12 }), (rrule, count) => {
        const lines = veventLines('DTSTART:20260303T100000Z', `RRULE:${rrule};COUNT=${count}`)
        const iterator = new ICAL.Event(byIcalJs(calendarText(...lines))).iterator()
        const theirs = Array.from({ length: count }, () => iterator.next()?.toString())
        // ical.js leaves out a DTSTART that the rule does not have; RFC 5545 §3.8.5.3 counts it.
        fc.pre(theirs[0] === '2026-03-03T10:00:00Z')
        const ours = expandSeries(seriesOf(lines), { max: count + 1 }).instances
        expect(ours.map(({ recurrenceKey }) => recurrenceKey)).toEqual(theirs)
      }),
    )
  })
})
