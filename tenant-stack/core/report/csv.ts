/** Excel takes a file without it for one in the system's own character set. */
export const BYTE_ORDER_MARK = '\uFEFF'

/** What a spreadsheet passes over before it looks for a formula: white space, controls, and characters without width. */
const PASSED_OVER = /^[\s\p{Cc}\p{Cf}]*/u

/** Also the minus sign that is no hyphen; the wide and the small forms come out of the compatibility form of each. */
const STARTS = new Set(['=', '+', '-', '@', '\u2212'])

/** TAB, CR and LF may be dropped by what reads the file, and lay open what follows (OWASP, "CSV Injection"). */
const CONTROL_FIRST = /^[\t\r\n]/

const WANTS_QUOTES = /["\r\n,;\t]|^\s|\s$/

/** NUL ends a cell in some readers; the other controls show as nothing, or as a box. */
const CONTROLS = /[^\P{Cc}\t\r\n]/gu

/**
 * One record of RFC 4180, its CRLF included. A cell that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV
 * Injection": = + - @, TAB, CR and LF, and their full-width forms), which spreadsheets read as "this is text".
 */
export function csvRecord(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string): string {
  const text = value.toWellFormed().replaceAll(CONTROLS, '')
  const safe = isFormula(text) ? `'${text}` : text
  return WANTS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function isFormula(text: string): boolean {
  if (CONTROL_FIRST.test(text)) return true
  const [first = ''] = text.replace(PASSED_OVER, '')
  return STARTS.has(first.normalize('NFKC'))
}
