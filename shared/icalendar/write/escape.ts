/** RFC 5545 allows no control characters but TAB in content; LF is what `escapeText` turns into `\n`. */
const CONTROLS = /[^\P{Cc}\t\n]/gu

/** CR, CRLF and the line breaks of Unicode, at which some calendar parsers cut lines: all become LF. */
const LINE_BREAKS = /\r\n?|[\x85\u2028\u2029]/g

/** A value of type TEXT (RFC 5545 §3.3.11): any string is taken, control characters are dropped, a lone surrogate becomes U+FFFD. */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(LINE_BREAKS, '\n')
    .replace(CONTROLS, '')
    .replace(/[\\;,]/g, '\\$&')
    .replaceAll('\n', '\\n')
}

/** A parameter value in quotes, `"`, `^` and line breaks by RFC 6868. */
export function quoteParameter(value: string): string {
  const encoded = value
    .toWellFormed()
    .replace(LINE_BREAKS, '\n')
    .replace(CONTROLS, '')
    .replaceAll('^', '^^')
    .replaceAll('\n', '^n')
    .replaceAll('"', "^'")
  return `"${encoded}"`
}

/** A parameter value, in quotes only when it must be (RFC 5545 §3.2): zone names stand bare, as every client writes them. */
export function parameterValue(value: string): string {
  return /^[\w./+ -]+$/.test(value) ? value : quoteParameter(value)
}

/**
 * `mailto:` of a mailbox. RFC 6068 §2: what a URI cannot hold, `%`, the delimiters `/?#[]` and `&;=` are percent-encoded;
 * `+` stays as it is, because clients compare it literally. The domain is already ASCII.
 */
export function mailtoOf(address: string): string {
  return `mailto:${address.toWellFormed().replace(/[^\w@.!$'*+~-]/gu, percent)}`
}

function percent(character: string): string {
  const code = character.charCodeAt(0)
  return code > 0x7f ? encodeURIComponent(character) : `%${code.toString(16).toUpperCase().padStart(2, '0')}`
}

/** A RECUR value as the reader cleaned it; anything else in it is a bug, because it could end the line it stands in. */
export function checkedRule(rrule: string): string {
  if (!/^[A-Za-z0-9=;,+/-]+$/.test(rrule)) throw new Error(`not a recurrence rule: ${JSON.stringify(rrule)}`)
  return rrule
}
