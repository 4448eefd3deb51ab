import type { SeededRandom } from '../harness/platform/seeded-random.ts'

type Mutation = { readonly name: string; readonly change: (mail: string, random: SeededRandom) => string }

const ENCODINGS = ['base64', 'quoted-printable', '7bit', '8bit', 'binary', 'x-uuencode', '']
const CHARSETS = ['utf-16', 'utf-7', 'iso-2022-jp', 'us-ascii', 'windows-1252', 'x-none', '"utf-8']
const RULES = [
  'FREQ=SECONDLY',
  'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=YEARLY;COUNT=1000000000',
  'FREQ=DAILY;UNTIL=99991231',
  'FREQ=MONTHLY;BYDAY=6MO,-9TU;BYSETPOS=0',
  'freq=weekly;;byday=',
  'FREQ=DAILY;INTERVAL=0',
  'FREQ=HOURLY;BYHOUR=99;BYMINUTE=-1',
]
const TIMES = [
  '20260230T250000Z',
  '00000000',
  '20261025T023000',
  '99991231T235959Z',
  '-20260101',
  '2026-03-03T10:00',
  '20260303T10',
  '',
]
const DURATIONS = ['PT0S', '-P1D', 'P99999999999D', 'PT1H1H', 'P', 'P1W2D']
const PARAMETERS = [
  ';VALUE=DATE',
  ';TZID=',
  ';TZID="Europe/Madrid',
  ';TZID=Custom',
  ';CN="a:b;c"',
  ';X-A=^n^^',
  ';VALUE=PERIOD',
  ';;',
  ';ENCODING=BASE64',
]
const LINES = [
  'BEGIN:VEVENT',
  'END:VEVENT',
  'BEGIN:VCALENDAR',
  'END:VCALENDAR',
  'METHOD:CANCEL',
  'METHOD:COUNTER',
  'UID:',
  'SEQUENCE:4294967296',
  'RECURRENCE-ID;RANGE=THISANDFUTURE:20260303T100000Z',
  'ATTENDEE:mailto:a@b@c',
  'ORGANIZER:invalid:nomail',
  'ATTACH;VALUE=BINARY;ENCODING=BASE64:====',
]
const HEADERS = [
  'Content-Type: multipart/mixed',
  'Content-Type: multipart/mixed; boundary=""',
  'Content-Type: message/rfc822',
  'Content-Type: text/calendar; method=REPLY',
  'From: a@example.com, b@example.org',
  'From: =?utf-8?B?////?= <x@example.com>',
  "Content-Disposition: attachment; filename*=utf-8''%FF%00.ics",
  'Subject: =?x-unknown?Q?=3D?=',
]
const CHARACTERS = ['\0', '\r', '\n', '\r\r\n', '\u00e9', '\ufeff', '\ud83d', '\u2028', '=', ';', ':', '"', '\\', '\t']

/** Each changes one thing about a mail that is otherwise as a client wrote it. */
const MUTATIONS: readonly Mutation[] = [
  {
    name: 'a header repeated',
    change: (mail, random) => onLine(mail, random, isHeader, (line) => `${line}\r\n${line}`),
  },
  { name: 'a header dropped', change: (mail, random) => onLine(mail, random, isHeader, () => 'X-Gone: 1') },
  { name: 'a hostile header', change: (mail, random) => `${pick(HEADERS, random)}\r\n${mail}` },
  { name: 'a long header', change: (mail, random) => `X-Long: ${'a'.repeat(random.below(100_000))}\r\n${mail}` },
  {
    name: 'another encoding',
    change: (mail, random) =>
      onLine(
        mail,
        random,
        /^Content-Transfer-Encoding:/i,
        () => `Content-Transfer-Encoding: ${pick(ENCODINGS, random)}`,
      ),
  },
  {
    name: 'another charset',
    change: (mail, random) => mail.replace(/charset="?[\w-]+"?/i, `charset=${pick(CHARSETS, random)}`),
  },
  {
    name: 'a boundary cut',
    change: (mail, random) => onLine(mail, random, /^--/, (line) => line.slice(0, random.below(line.length))),
  },
  { name: 'a boundary closed early', change: (mail, random) => onLine(mail, random, /^--/, (line) => `${line}--`) },
  { name: 'parts nested', change: (mail, random) => nested(mail, 1 + random.below(40)) },
  { name: 'cut off', change: (mail, random) => mail.slice(0, random.below(mail.length)) },
  {
    name: 'a line repeated',
    change: (mail, random) => onLine(mail, random, /./, (line) => `${line}\r\n`.repeat(1 + random.below(200))),
  },
  { name: 'a line dropped', change: (mail, random) => onLine(mail, random, /./, () => '') },
  {
    name: 'a calendar line put in',
    change: (mail, random) => onLine(mail, random, isProperty, (line) => `${line}\r\n${pick(LINES, random)}`),
  },
  {
    name: 'another rule',
    change: (mail, random) =>
      onLine(mail, random, /^(RRULE|DTSTART)/, (line) => `${line}\r\nRRULE:${pick(RULES, random)}`),
  },
  {
    name: 'another time',
    change: (mail, random) =>
      onLine(mail, random, /^(DTSTART|DTEND|DTSTAMP|EXDATE|RECURRENCE-ID)/, (line) =>
        line.replace(/:[^:]*$/, `:${pick(TIMES, random)}`),
      ),
  },
  {
    name: 'a duration',
    change: (mail, random) =>
      onLine(mail, random, /^(DTEND|DTSTART)/, (line) => `${line}\r\nDURATION:${pick(DURATIONS, random)}`),
  },
  {
    name: 'a parameter',
    change: (mail, random) =>
      onLine(mail, random, isProperty, (line) =>
        line.replace(/[;:]/, (found) => `${pick(PARAMETERS, random)}${found}`),
      ),
  },
  {
    name: 'a long value',
    change: (mail, random) => onLine(mail, random, isProperty, (line) => line + 'x'.repeat(random.below(50_000))),
  },
  {
    name: 'folded within a character',
    change: (mail, random) => onLine(mail, random, isProperty, (line) => line.split('').join('\r\n ')),
  },
  { name: 'a character put in', change: (mail, random) => spliced(mail, random, pick(CHARACTERS, random)) },
  {
    name: 'a character flipped',
    change: (mail, random) => spliced(mail, random, String.fromCharCode(random.below(256)), 1),
  },
  { name: 'a block moved', change: (mail, random) => moved(mail, random) },
]

const isHeader = /^[A-Za-z-]+: /
const isProperty = /^[A-Z-]+[;:]/

/** A mail with one to four mutations, and what they are. */
export function mutated(
  mail: Buffer,
  random: SeededRandom,
): { readonly raw: Buffer; readonly names: readonly string[] } {
  let text = mail.toString('latin1')
  const names: string[] = []
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const { name, change } = pick(MUTATIONS, random)
    text = change(text, random)
    names.push(name)
  }
  return { raw: Buffer.from(text, 'latin1'), names }
}

function pick<T>(values: readonly T[], random: SeededRandom): T {
  const picked = values[random.below(values.length)]
  if (picked === undefined) throw new Error('there is nothing to pick from')
  return picked
}

function onLine(mail: string, random: SeededRandom, wanted: RegExp, change: (line: string) => string): string {
  const lines = mail.split('\r\n')
  const found = lines.flatMap((line, at) => (wanted.test(line) ? [at] : []))
  const at = found[random.below(found.length)]
  return at === undefined ? mail : lines.with(at, change(lines[at] ?? '')).join('\r\n')
}

function spliced(mail: string, random: SeededRandom, put: string, removed = 0): string {
  const at = random.below(mail.length)
  return mail.slice(0, at) + put + mail.slice(at + removed)
}

function moved(mail: string, random: SeededRandom): string {
  const from = random.below(mail.length)
  const block = mail.slice(from, from + random.below(2000))
  return spliced(mail.slice(0, from) + mail.slice(from + block.length), random, block)
}

function nested(mail: string, depth: number): string {
  let text = mail
  for (let level = 0; level < depth; level += 1)
    text = `From: a@example.com\r\nContent-Type: multipart/mixed; boundary=n${level}\r\n\r\n--n${level}\r\nContent-Type: message/rfc822\r\n\r\n${text}\r\n--n${level}--\r\n`
  return text
}
