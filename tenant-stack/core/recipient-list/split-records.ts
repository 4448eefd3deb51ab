/** One record of a list, and the number of the line that it begins in, from 1. */
export type ListRecord = { readonly line: number; readonly text: string }

/** UTF-16 units; no person's row is longer, and what is longer is cut and refused. */
export const RECORD_UNITS_MAX = 2000
/** A quoted cell may hold line breaks (RFC 4180 §2.6); a quote that is still open so much later was never meant as one. */
const JOINED_LINES_MAX = 10

/**
 * Splits text into records: lines, or a few lines where a quote is open at a line's end. A stray quote costs no row but its own, which is why
 * no CSV library reads lists here: they take the rest of the file for one cell.
 */
export function* splitRecords(slices: Iterable<string>): Generator<ListRecord> {
  let open: ListRecord[] = []
  for (const line of linesOf(slices)) {
    if (open.length === 0 && !hasOpenQuote(line.text)) {
      yield line
      continue
    }
    open.push(line)
    const joined = open.map(({ text }) => text).join('\n')
    if (!hasOpenQuote(joined)) {
      yield { line: open[0]?.line ?? line.line, text: joined }
      open = []
    } else if (open.length > JOINED_LINES_MAX || joined.length > RECORD_UNITS_MAX) {
      // The first line alone was wrong; the others are looked at for themselves.
      const [first, ...others] = open
      if (first !== undefined) yield first
      open = []
      for (const other of others) {
        if (open.length > 0 || hasOpenQuote(other.text)) open.push(other)
        else yield other
      }
    }
  }
  yield* open
}

function hasOpenQuote(text: string): boolean {
  let quotes = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1
  return quotes % 2 === 1
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
  return text.length > RECORD_UNITS_MAX ? text : (text + more).slice(0, RECORD_UNITS_MAX + 1)
}

/** The cells of a record: quotes around a cell go, two of them within are one (RFC 4180 §2.7). */
export function cellsOf(text: string, separator: string): readonly string[] {
  if (separator === '') return [unquoted(text)]
  const cells: string[] = []
  let from = 0
  let isQuoted = false
  for (let at = 0; at <= text.length; at += 1) {
    const character = text[at]
    if (character === '"') isQuoted = !isQuoted
    if (at === text.length || (character === separator && !isQuoted)) {
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
