import { Buffer } from 'node:buffer'
import { CALENDAR_BYTES_MAX, CALENDARS_MAX } from './limits.ts'
import { decodeTransfer } from './transfer-encoding.ts'

const BEGIN = Buffer.from('BEGIN:VCALENDAR')
const END = Buffer.from('END:VCALENDAR')
/** `BEGIN:VCALENDAR` in base64; also right after a UTF-8 mark, which fills one base64 group of its own. */
const BEGIN_BASE64 = Buffer.from('QkVHSU46VkNBTEVOREFS')

/** True when the bytes hold the start of a calendar in plain sight. */
export function holdsCalendar(bytes: Buffer): boolean {
  return bytes.includes(BEGIN)
}

/** True when the first thing in the bytes, after blanks and a byte order mark, is a calendar. */
export function beginsAsCalendar(head: Buffer): boolean {
  const isUtf16 = head.length > 1 && (head[0] === 0 || head[1] === 0 || (head[0] ?? 0) >= 0xfe)
  // UTF-16 with its zero bytes and its mark dropped reads as ASCII here, which is all a look needs.
  const text = isUtf16 ? head.toString('latin1').replace(/[\0\xfe\xff]/g, '') : head.toString('utf8')
  return text.trimStart().slice(0, BEGIN.length).toUpperCase() === 'BEGIN:VCALENDAR'
}

/** Every `BEGIN:VCALENDAR` … `END:VCALENDAR` of the bytes, as views, at most CALENDARS_MAX; one without an end runs to the last byte. */
export function calendarBlocks(bytes: Buffer): readonly Buffer[] {
  const blocks: Buffer[] = []
  for (let at = bytes.indexOf(BEGIN); at !== -1 && blocks.length < CALENDARS_MAX; ) {
    const end = bytes.indexOf(END, at)
    const stop = end === -1 ? bytes.length : end + END.length
    blocks.push(bytes.subarray(at, Math.min(stop, at + CALENDAR_BYTES_MAX)))
    at = end === -1 ? -1 : bytes.indexOf(BEGIN, stop)
  }
  return blocks
}

/** A pasted calendar whose lines carry a reply's quote marks, freed of them; anything else as it came. */
export function unquoted(text: string): string {
  const begin = text.indexOf('BEGIN:VCALENDAR')
  if (begin === -1) return text
  const mark = text.slice(text.lastIndexOf('\n', begin) + 1, begin)
  if (!/^[>| \t]*>[>| \t]*$/.test(mark)) return text
  const bare = mark.trimEnd()
  const lines = text.split('\n')
  return lines
    .map((line) =>
      line.startsWith(mark) ? line.slice(mark.length) : line.startsWith(bare) ? line.slice(bare.length) : line,
    )
    .join('\n')
}

/** Calendars hidden where no MIME part shows them: in headers, behind broken delimiters, or encoded without saying so. */
export function calendarsInRaw(raw: Buffer): readonly Buffer[] {
  const plain = calendarBlocks(raw).map(withoutQuotedPrintable)
  if (plain.length > 0) return plain
  const found: Buffer[] = []
  for (let at = raw.indexOf(BEGIN_BASE64); at !== -1 && found.length < CALENDARS_MAX; ) {
    const stop = base64End(raw, at)
    found.push(...calendarBlocks(decodeTransfer(raw.subarray(at, stop), 'base64')))
    at = raw.indexOf(BEGIN_BASE64, stop)
  }
  return found
}

/** In a calendar as sent, `=` stands in parameters; `=3D` or a line that ends in `=` means the transport wrote it. */
function withoutQuotedPrintable(block: Buffer): Buffer {
  const isEncoded = block.includes('=3D') || block.includes('=\r\n') || block.includes('=\n')
  return isEncoded ? decodeTransfer(block, 'quoted-printable') : block
}

function isBase64Line(code: number): boolean {
  const lower = code | 0x20
  if ((lower >= 0x61 && lower <= 0x7a) || (code >= 0x2f && code <= 0x39)) return true
  return code === 0x2b || code === 0x3d || code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

/** Where the run of base64 lines that holds `at` ends. */
function base64End(raw: Buffer, at: number): number {
  const limit = Math.min(raw.length, at + CALENDAR_BYTES_MAX)
  for (let end = at; end < limit; end++) {
    if (!isBase64Line(raw[end] ?? 0)) return end
    // An empty line ends the body.
    if (raw[end] === 0x0a && (raw[end + 1] === 0x0a || (raw[end + 1] === 0x0d && raw[end + 2] === 0x0a))) return end
  }
  return limit
}
