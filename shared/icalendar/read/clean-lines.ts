import { decodeText, withoutByteOrderMark } from './decode-text.ts'
import { LINE_BREAKS_MAX, LINES_MAX } from './limits.ts'

export type CleanedLines = {
  readonly lines: readonly string[]
  readonly isGuessed: boolean
  readonly isTooLong: boolean
}

/**
 * RFC 5545 §3.1: a line break and one space or tab vanish; CR CR LF, lone CR or LF, and any of them doubled by a gateway, are line
 * breaks in real mail. The count of CR is bounded because an open one costs the square of the length on a file of nothing but CR.
 */
const FOLD = /(?:\r{0,3}\n|\r){1,2}[ \t]/g
const LINE_BREAK = /\r{1,3}\n|\r/g

/**
 * Bytes to unfolded, decoded lines, cut to what lies from the first BEGIN:VCALENDAR on. Unfolding comes before decoding, because
 * folding at 75 octets may cut a UTF-8 sequence in two.
 */
export function cleanLines(bytes: Uint8Array, declaredCharset: string | undefined): CleanedLines {
  const marked = withoutByteOrderMark(bytes)
  if (hasTooManyBreaks(marked)) return { lines: [], isGuessed: false, isTooLong: true }
  const unfolded = marked.toString('latin1').replace(FOLD, '').replace(LINE_BREAK, '\n')
  const begin = unfolded.search(/BEGIN:VCALENDAR/i)
  if (begin === -1) return { lines: [], isGuessed: false, isTooLong: false }
  const decoded = decodeText(Buffer.from(unfolded.slice(begin), 'latin1'), declaredCharset)
  const lines = decoded.text.split('\n', LINES_MAX + 1)
  return { lines, isGuessed: decoded.isGuessed, isTooLong: lines.length > LINES_MAX }
}

/** Each break costs a match; a file of nothing but breaks would cost seconds and hundreds of megabytes. */
function hasTooManyBreaks(bytes: Uint8Array): boolean {
  if (bytes.length <= LINE_BREAKS_MAX) return false
  let breaks = 0
  for (const byte of bytes) if (byte === 0x0a || byte === 0x0d) breaks += 1
  return breaks > LINE_BREAKS_MAX
}
