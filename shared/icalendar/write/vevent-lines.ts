import type { Vevent } from '../model.ts'
import { toInstantMs } from '../times.ts'
import type { CalendarRevision } from './calendar-revision.ts'
import type { Component } from './components.ts'
import { checkedRule, escapeText } from './escape.ts'
import { basicInstant, type TimeStyle, timeLine } from './time-lines.ts'

/** Lines before ORGANIZER, UID and ATTENDEE. */
export function linesBefore(component: Component, revision: CalendarRevision, style: TimeStyle): string[] {
  const { dtstart, dtend } = component.vevent
  const isEmpty = toInstantMs(dtend) <= toInstantMs(dtstart)
  return [
    'BEGIN:VEVENT',
    timeLine('DTSTART', dtstart, style),
    // RFC 5545 §3.8.2.2: DTEND must be later than DTSTART; without it a timed event ends as it starts.
    ...(isEmpty ? [] : [timeLine('DTEND', dtend, style)]),
    ...component.rrules.map((rrule) => `RRULE:${checkedRule(rrule)}`),
    ...component.rdates.map((time) => timeLine('RDATE', time, style)),
    ...component.exdates.map((time) => timeLine('EXDATE', time, style)),
    `DTSTAMP:${basicInstant(revision.dtstamp)}`,
  ]
}

/** Lines after ATTENDEE. VALARM, CLASS, COLOR and the client's own properties are not written: they are the organizer's alone. */
export function linesAfter(component: Component, revision: CalendarRevision, style: TimeStyle): string[] {
  const { vevent, recurrenceId } = component
  const isCancelled = revision.method === 'CANCEL'
  const url = safeUrl(vevent.url)
  return [
    ...(recurrenceId === undefined ? [] : [timeLine('RECURRENCE-ID', recurrenceId, style)]),
    `SEQUENCE:${revision.sequence}`,
    `STATUS:${isCancelled ? 'CANCELLED' : vevent.status}`,
    `TRANSP:${vevent.transp}`,
    `SUMMARY:${escapeText(vevent.summary)}`,
    ...(vevent.location === undefined ? [] : [`LOCATION:${escapeText(vevent.location)}`]),
    ...(vevent.description === undefined ? [] : [`DESCRIPTION:${escapeText(vevent.description)}`]),
    ...(url === undefined ? [] : [`URL:${url}`]),
    // Exchange prefers this over SEQUENCE when present ([MS-OXCICAL]), so both are always equal.
    `X-MICROSOFT-CDO-APPT-SEQUENCE:${revision.sequence}`,
    `X-MICROSOFT-CDO-BUSYSTATUS:${isCancelled ? 'FREE' : busyStatus(vevent)}`,
    ...(vevent.dtstart.kind === 'date' ? ['X-MICROSOFT-CDO-ALLDAYEVENT:TRUE'] : []),
    'END:VEVENT',
  ]
}

function busyStatus(vevent: Vevent): string {
  if (vevent.transp === 'TRANSPARENT') return 'FREE'
  return vevent.status === 'TENTATIVE' ? 'TENTATIVE' : 'BUSY'
}

/** Only web addresses go on: a `javascript:` or `file:` link of a stranger must not arrive in our name. */
function safeUrl(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const parsed = new URL(url)
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined
}
