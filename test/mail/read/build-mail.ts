import { Buffer } from 'node:buffer'

/** A calendar with one event, CRLF lines; `lines` are put into the VEVENT, `method` '' leaves METHOD out. */
export function calendarText(uid: string, options: CalendarOptions = {}): string {
  const method = options.method ?? 'REQUEST'
  return [
    'BEGIN:VCALENDAR',
    'PRODID:-//Example//Mail fixtures//EN',
    'VERSION:2.0',
    ...(method === '' ? [] : [`METHOD:${method}`]),
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260220T091500Z',
    'DTSTART:20260303T090000Z',
    'DTEND:20260303T100000Z',
    `SEQUENCE:${options.sequence ?? 0}`,
    `SUMMARY:${options.summary ?? 'Quarterly planning'}`,
    'ORGANIZER;CN=Ana Diaz:mailto:ana@example.com',
    'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:create@events.example.com',
    ...(options.lines ?? []),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

export type CalendarOptions = {
  readonly method?: string
  readonly sequence?: number
  readonly summary?: string
  readonly lines?: readonly string[]
}

/** Plain header lines of an invitation; `more` replaces or adds lines by name. */
export function headerLines(more: readonly string[] = []): readonly string[] {
  const names = new Set(more.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()))
  const usual = [
    'From: Ana Diaz <ana@example.com>',
    'To: create@events.example.com',
    'Subject: Quarterly planning',
    'Message-ID: <m1@example.com>',
    'Date: Fri, 20 Feb 2026 10:15:00 +0100',
    'MIME-Version: 1.0',
  ]
  return [...usual.filter((line) => !names.has(line.slice(0, line.indexOf(':')).toLowerCase())), ...more]
}

export function base64Lines(bytes: string | Uint8Array, length = 76): string {
  const text = Buffer.from(bytes).toString('base64')
  return (text.match(new RegExp(`.{1,${length}}`, 'g')) ?? []).join('\r\n')
}

/** Header lines and body of one MIME entity. */
export function entity(lines: readonly string[], body: string): string {
  return [...lines, '', body].join('\r\n')
}

/** A multipart entity's text: its own Content-Type line comes last of `lines`. */
export function multipart(lines: readonly string[], type: string, boundary: string, parts: readonly string[]): string {
  const head = [...lines, `Content-Type: ${type}; boundary="${boundary}"`]
  return entity(head, [...parts.map((part) => `--${boundary}\r\n${part}`), `--${boundary}--`, ''].join('\r\n'))
}

export function textPart(text: string): string {
  return entity(['Content-Type: text/plain; charset=utf-8'], text)
}

export function calendarPart(calendar: string, type = 'text/calendar; charset=utf-8; method=REQUEST'): string {
  return entity([`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64'], base64Lines(calendar))
}

/** A mail whose body is multipart/mixed of the given parts. */
export function mixedMail(parts: readonly string[], more: readonly string[] = []): Buffer {
  return Buffer.from(multipart(headerLines(more), 'multipart/mixed', 'mixed-1', parts))
}

/** A mail with a text and one calendar part. */
export function inviteMail(calendar: string, more: readonly string[] = [], type?: string): Buffer {
  return mixedMail([textPart('See you there.'), calendarPart(calendar, type)], more)
}

/** A mail of one part; `lines` say what it is. */
export function singleMail(lines: readonly string[], body: string | Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...headerLines(lines), '', ''].join('\r\n')), Buffer.from(body)])
}
