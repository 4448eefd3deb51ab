import type { CalendarTime, Instant, Partstat } from '../model.ts'
import { escapeText, mailtoOf } from './escape.ts'
import { foldLines } from './fold.ts'
import { PRODID } from './invite-calendar.ts'
import { commonName, organizerLine } from './personal-lines.ts'
import { basicInstant, timeLine } from './time-lines.ts'

/** What a REPLY says (RFC 5546 §3.2.3), or a COUNTER with other times (§3.2.7). `organizer` is the ORGANIZER of the client's own calendar, `uid` the client's. */
export type Reply = {
  readonly uid: string
  readonly organizer: { readonly address: string; readonly name?: string }
  readonly attendee: { readonly address: string; readonly name?: string }
  readonly partstat: Partstat
  readonly sequence: number
  readonly dtstamp: Instant
  readonly method?: 'REPLY' | 'COUNTER'
  readonly dtstart?: CalendarTime
  readonly dtend?: CalendarTime
  readonly recurrenceId?: CalendarTime
  readonly summary?: string
}

/** A whole VCALENDAR, CRLF line ends. Times of a zone are written in UTC, so it needs no VTIMEZONE. */
export function writeReply(reply: Reply): string {
  const style = { keepsZones: false, tzids: new Set<string>() }
  const { attendee, dtstart, dtend, recurrenceId, summary } = reply
  return foldLines([
    'BEGIN:VCALENDAR',
    `PRODID:${PRODID}`,
    'VERSION:2.0',
    'CALSCALE:GREGORIAN',
    `METHOD:${reply.method ?? 'REPLY'}`,
    'BEGIN:VEVENT',
    ...(dtstart === undefined ? [] : [timeLine('DTSTART', dtstart, style)]),
    ...(dtend === undefined ? [] : [timeLine('DTEND', dtend, style)]),
    `DTSTAMP:${basicInstant(reply.dtstamp)}`,
    organizerLine(reply.organizer),
    `UID:${escapeText(reply.uid)}`,
    `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=${reply.partstat}${commonName(attendee.name)}:${mailtoOf(attendee.address)}`,
    ...(recurrenceId === undefined ? [] : [timeLine('RECURRENCE-ID', recurrenceId, style)]),
    `SEQUENCE:${reply.sequence}`,
    ...(summary === undefined ? [] : [`SUMMARY:${escapeText(summary)}`]),
    'END:VEVENT',
    'END:VCALENDAR',
  ])
}
