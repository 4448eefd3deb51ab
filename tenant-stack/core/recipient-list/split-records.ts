/** One record of a list, and the number of the line that it begins in, from 1. */
export type ListRecord = {
  readonly line: number
  readonly text: string
  /** A cell of it goes on over a line break and holds an address behind that: nobody can tell whether its quote was meant so. */
  readonly isDoubtful?: true
}

/** UTF-16 units of a line: whoever writes people one behind the other writes some thousands; what is longer is cut and refused. */
export const LINE_UNITS_MAX = 65_536
/** Of a record that goes over several lines; no person's row is longer. */
const JOINED_UNITS_MAX = 2000
/** A quoted cell may hold line breaks (RFC 4180 §2.6); a quote that is still open so much later was never meant as one. */
const JOINED_LINES_MAX = 10

/**
 * Splits text into records: lines, or a few lines where a quote is open at a line's end. A stray quote costs no row but its own, which is why
 * no CSV library reads lists here: they take the rest of the file for one cell.
 */
export function* splitRecords(slices: Iterable<string>): Generator<ListRecord> {
  let open: ListRecord[] = []
  for (const line of linesOf(slices)) {
    open.push(line)
    const joined = open.map(({ text }) => text).join('\n')
    const state = quoteAtEnd(joined)
    if (state === 'closed') {
      yield* closed(open, joined)
      open = []
    } else if (open.length > 1 && (state === 'broken' || isTooMuch(open, joined))) {
      // The first line alone was wrong; the others are looked at for themselves.
      const [first, ...others] = open
      if (first !== undefined) yield first
      open = []
      for (const other of others) {
        if (open.length > 0 || quoteAtEnd(other.text) === 'open') open.push(other)
        else yield other
      }
    } else if (state === 'broken') {
      yield line
      open = []
    }
  }
  yield* open
}

function isTooMuch(open: readonly ListRecord[], joined: string): boolean {
  return open.length > JOINED_LINES_MAX || joined.length > JOINED_UNITS_MAX
}

/** Of one line nothing is in doubt. Of several each is refused for itself, where a person might be lost in a cell of another. */
function* closed(open: readonly ListRecord[], joined: string): Generator<ListRecord> {
  const [first] = open
  if (first === undefined) return
  const isDoubtful = open.length > 1 && cellsBetweenQuotes(joined).some((cell) => /\n[\s\S]*@/.test(cell))
  if (!isDoubtful) yield { line: first.line, text: joined }
  else for (const one of open) yield { ...one, isDoubtful: true }
}

/**
 * Whether a quote is open at the end. One opens a cell only at its beginning (RFC 4180 §2.5) and closes it before a separator, the end, or the
 * angle bracket of a mailbox: `broken` is a text in which it does neither.
 */
function quoteAtEnd(text: string): 'closed' | 'open' | 'broken' {
  const at = text.lastIndexOf('"')
  if (at < 0) return 'closed'
  for (const { end, isClosed } of quotedSpans(text)) {
    if (!isClosed) return 'open'
    if (text.slice(0, end).includes('\n') && !/^[ \t]*(?:[,;\t\n<]|$)/.test(text.slice(end + 1))) return 'broken'
  }
  return 'closed'
}

function cellsBetweenQuotes(text: string): readonly string[] {
  return [...quotedSpans(text)].map(({ start, end }) => text.slice(start + 1, end))
}

type Span = { readonly start: number; readonly end: number; readonly isClosed: boolean }

/** Quoted cells: from a quote at a cell's beginning to the next that is not doubled. */
function* quotedSpans(text: string): Generator<Span> {
  let isAtStart = true
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"' && isAtStart) {
      const end = closingQuote(text, at + 1)
      yield { start: at, end: end < 0 ? text.length : end, isClosed: end >= 0 }
      if (end < 0) return
      at = end
      isAtStart = false
    } else if (character === ',' || character === ';' || character === '\t' || character === '\n') isAtStart = true
    else if (character !== ' ') isAtStart = false
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at
  return -1
}

/** Ends are CRLF, LF or CR. A line without end is cut: what comes after the limit is not kept. */
function* linesOf(slices: Iterable<string>): Generator<ListRecord> {
  let line = 1
  let text = ''
  let isAfterCr = false
  for (const slice of slices) {
    let from = 0
    for (let at = 0; at < slice.length; at += 1) {
      const unit = slice.charCodeAt(at)
      if (unit !== 0x0a && unit !== 0x0d) {
        isAfterCr = false
        continue
      }
      if (unit === 0x0a && isAfterCr) {
        isAfterCr = false
        from = at + 1
        continue
      }
      yield { line, text: appended(text, slice.slice(from, at)) }
      line += 1
      text = ''
      from = at + 1
      isAfterCr = unit === 0x0d
    }
    text = appended(text, slice.slice(from))
  }
  if (text !== '') yield { line, text }
}

function appended(text: string, more: string): string {
  return text.length > LINE_UNITS_MAX ? text : (text + more).slice(0, LINE_UNITS_MAX + 1)
}

/** The cells of a record: quotes around a cell go, two of them within are one (RFC 4180 §2.7). */
export function cellsOf(text: string, separator: string): readonly string[] {
  if (separator === '') return [unquoted(text)]
  const cells: string[] = []
  const quoted = [...quotedSpans(text)]
  let from = 0
  let span = 0
  for (let at = 0; at <= text.length; at += 1) {
    while (quoted[span] !== undefined && (quoted[span]?.end ?? 0) < at) span += 1
    const { start = text.length, end = 0, isClosed = false } = quoted[span] ?? {}
    // A quote that never closes was not meant as one.
    const isWithin = isClosed && at > start && at < end
    if (at === text.length || (text[at] === separator && !isWithin)) {
      cells.push(unquoted(text.slice(from, at)))
      from = at + 1
    }
  }
  return cells
}

function unquoted(cell: string): string {
  const trimmed = cell.trim()
  const isQuoted = trimmed.length >= 2 && trimmed.startsWith('"') && trimmed.endsWith('"')
  return isQuoted && !trimmed.slice(1, -1).replaceAll('""', '').includes('"')
    ? trimmed.slice(1, -1).replaceAll('""', '"').trim()
    : trimmed
}
