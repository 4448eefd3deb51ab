import type { CalendarTime, Instant } from '../model.ts'
import { escapeText, mailtoOf } from './escape.ts'
import { foldLines } from './fold.ts'
import { PRODID } from './invite-calendar.ts'
import { commonName, organizerLine } from './personal-lines.ts'
import { basicInstant, timeLine } from './time-lines.ts'

/** What a DECLINECOUNTER says (RFC 5546 §3.2.8). `sequence` is the one that the proposal answered. */
export type DeclineCounter = {
  readonly uid: string
  readonly organizer: { readonly address: string; readonly name?: string }
  readonly attendee: { readonly address: string; readonly name?: string }
  readonly sequence: number
  readonly dtstamp: Instant
  /** The time that stays. */
  readonly dtstart: CalendarTime
  readonly dtend: CalendarTime
  readonly recurrenceId?: CalendarTime
  readonly summary: string
}

/** A whole VCALENDAR with METHOD:DECLINECOUNTER, CRLF line ends. Times of a zone are written in UTC, so it needs no VTIMEZONE. */
export function writeDeclineCounter(decline: DeclineCounter): string {
  const style = { keepsZones: false, tzids: new Set<string>() }
  const { attendee, recurrenceId } = decline
  return foldLines([
    'BEGIN:VCALENDAR',
    `PRODID:${PRODID}`,
    'VERSION:2.0',
    'CALSCALE:GREGORIAN',
    'METHOD:DECLINECOUNTER',
    'BEGIN:VEVENT',
    timeLine('DTSTART', decline.dtstart, style),
    timeLine('DTEND', decline.dtend, style),
    `DTSTAMP:${basicInstant(decline.dtstamp)}`,
    organizerLine(decline.organizer),
    `UID:${escapeText(decline.uid)}`,
    `ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT${commonName(attendee.name)}:${mailtoOf(attendee.address)}`,
    ...(recurrenceId === undefined ? [] : [timeLine('RECURRENCE-ID', recurrenceId, style)]),
    `SEQUENCE:${decline.sequence}`,
    `SUMMARY:${escapeText(decline.summary)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ])
}
