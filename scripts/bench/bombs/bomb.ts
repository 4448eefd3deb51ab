/** A mail made to hang or blow up whoever reads it. Generated when it is needed, never stored. */
export type Bomb = {
  /** A sentence in kebab-case: what the mail is. */
  readonly name: string
  readonly mail: (scale: Scale) => Buffer
}

/** `quick`: about the size an attacker sends by the thousand; `full`: up to what an inlet takes (30 MB). */
export type Scale = 'quick' | 'full'

/** How much of something: an attack that is quadratic shows at the quick count already. */
export function many(scale: Scale, quick: number, full: number): number {
  return scale === 'quick' ? quick : full
}

const CRLF = '\r\n'

/** The plain header of a mail, then its own fields, an empty line, the body. */
export function mailOf(fields: readonly string[], body: string | Buffer): Buffer {
  const header = ['From: Ana <ana@example.com>', 'To: create@events.example.org', 'Subject: Planning', ...fields]
  return Buffer.concat([Buffer.from(`${header.join(CRLF)}${CRLF}${CRLF}`, 'latin1'), Buffer.from(body)])
}

/** A mail that is one text/calendar part. */
export function calendarMail(
  calendar: string | Buffer,
  contentType = 'text/calendar; charset=utf-8; method=REQUEST',
): Buffer {
  return mailOf(['MIME-Version: 1.0', `Content-Type: ${contentType}`, 'Content-Transfer-Encoding: 8bit'], calendar)
}

/** A mail that is one text/html part. */
export function htmlMail(html: string): Buffer {
  return mailOf(
    ['MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: 8bit'],
    html,
  )
}

/** A mail of several parts, each given with its own header. */
export function multipartMail(parts: readonly string[], subtype = 'mixed', boundary = 'b'): Buffer {
  const body = parts.map((part) => `--${boundary}${CRLF}${part}${CRLF}`).join('')
  const fields = ['MIME-Version: 1.0', `Content-Type: multipart/${subtype}; boundary="${boundary}"`]
  return mailOf(fields, `${body}--${boundary}--${CRLF}`)
}

/** One VEVENT on 3 March 2026 with these lines of its own. */
export function vevent(lines: readonly string[] = [], uid = 'bomb@example.com'): string {
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260220T091500Z',
    ...(lines.some((line) => line.startsWith('DTSTART')) ? [] : ['DTSTART:20260303T100000Z']),
    'ORGANIZER:mailto:ana@example.com',
    'SUMMARY:Planning',
    ...lines,
    'END:VEVENT',
  ].join(CRLF)
}

/** A VCALENDAR round what is given. */
export function vcalendar(components: readonly string[]): string {
  const start = ['BEGIN:VCALENDAR', 'PRODID:-//Example//Bomb//EN', 'VERSION:2.0', 'METHOD:REQUEST']
  return [...start, ...components, 'END:VCALENDAR', ''].join(CRLF)
}

/** The mail of one VEVENT with these lines. */
export function veventMail(...lines: readonly (string | readonly string[])[]): Buffer {
  return calendarMail(vcalendar([vevent(lines.flat())]))
}
