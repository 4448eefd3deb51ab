import { InviteFailure } from './invite-failure.ts'

/** Longer than any name of a person or a title; mail servers limit the header as a whole. */
const TEXT_UNITS_MAX = 998

/**
 * A value fit for a header: CR, LF and NUL, by which one value could become two headers, are refused; other control characters
 * and the line breaks of Unicode, at which some parsers cut, become spaces. `what` names the value in the failure.
 */
export function headerText(value: string, what: string): string {
  if (/[\r\n\0]/.test(value)) throw InviteFailure.bad_value(`${what} holds a line break or NUL`)
  if (value.length > TEXT_UNITS_MAX) throw InviteFailure.bad_value(`${what} is longer than ${TEXT_UNITS_MAX}`)
  return value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim()
}

/** Text from outside brought to one line of at most `unitsMax`, so that a header takes it; for titles and names we did not make. */
export function oneLine(value: string, unitsMax = 200): string {
  const line = value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim()
  return line.length <= unitsMax
    ? line
    : `${line
        .slice(0, unitsMax - 1)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`
}
