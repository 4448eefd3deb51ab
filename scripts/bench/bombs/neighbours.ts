import { createHash } from 'node:crypto'
import { mailOf, multipartMail, vcalendar, vevent } from './bomb.ts'

const CRLF = '\r\n'
const part = (type: string, body: string): string => `Content-Type: ${type}; charset=utf-8${CRLF}${CRLF}${body}`

const invite = vcalendar([
  vevent(
    [
      'DTEND:20260303T110000Z',
      'LOCATION:Room 5',
      'RRULE:FREQ=WEEKLY;COUNT=8',
      'ATTENDEE;CN=Bob:mailto:bob@example.org',
    ],
    'neighbour@example.com',
  ),
])

/** Ordinary mails that wait beside the bombs: what is read of them may not change by a letter. */
export const neighbours: readonly Buffer[] = [
  multipartMail(
    [
      part('text/plain', 'Shall we meet?'),
      part('text/html', '<p>Shall we <b>meet</b>?</p>'),
      part('text/calendar', invite),
    ],
    'alternative',
  ),
  mailOf(['Content-Type: text/calendar; method=REPLY'], invite.replace('METHOD:REQUEST', 'METHOD:REPLY')),
  mailOf(['Date: Tue, 03 Mar 2026 10:00:00 +0000'], 'Only words, and no calendar at all.'),
  // What our own scanner leaves to the library: both readers are to stay well.
  mailOf(['Content-Type: message/partial; id=1; number=1; total=2'], `Subject: inner${CRLF}${CRLF}half of it`),
]

/** What was read, as one short text to compare by. */
export function printOf(read: unknown): string {
  return createHash('sha256').update(JSON.stringify(read)).digest('hex')
}
