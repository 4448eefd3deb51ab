import { encodedWords } from './encoded-words.ts'
import { headerText } from './header-text.ts'
import { InviteFailure } from './invite-failure.ts'

/** RFC 5322 §2.1.1: lines should have at most 78 octets. */
const LINE_OCTETS_MAX = 78

/** RFC 5322 §2.1.1: and must have at most 998. */
const LINE_OCTETS_LIMIT = 998

/** Longer values go in sections, each on a line of its own. */
const PARAMETER_UNITS_MAX = 70

/** A header of free text (Subject), with its CRLF: ASCII as it is, anything else in encoded-words. */
export function textHeader(name: string, value: string): string {
  const text = headerText(value, headerName(name))
  const column = name.length + 2
  return `${name}: ${isPlain(text) ? foldAtSpaces(text, column) : encodedWords(text, column)}\r\n`
}

/** From, To: one mailbox, with its CRLF. `address` is a checked addr-spec. */
export function mailboxHeader(name: string, mailbox: { readonly address: string; readonly name?: string }): string {
  const start = `${headerName(name)}: ${displayName(mailbox.name, name.length + 2)}`
  return `${start}${addressAfter(start, mailbox.address)}\r\n`
}

/** ` <address>` behind a display name, on a line of its own when it would not fit. */
export function addressAfter(start: string, address: string): string {
  if (start.endsWith(': ')) return `<${address}>`
  const column = start.length - (start.lastIndexOf('\n') + 1)
  return `${column + address.length + 3 > LINE_OCTETS_MAX ? '\r\n ' : ' '}<${address}>`
}

/** A phrase (RFC 5322 §3.2.5): a quoted-string when it is short ASCII, else encoded-words; '' when there is no name. */
export function displayName(name: string | undefined, column: number): string {
  const text = name === undefined ? '' : headerText(name, 'name')
  if (text === '') return ''
  const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`
  return isPlain(text) && column + quoted.length <= LINE_OCTETS_MAX ? quoted : encodedWords(text, column)
}

/**
 * A header whose value is written as it is, for values made of our own tokens; refused when it is not printable ASCII. It is never
 * folded: ids and links that were cut are what clients get wrong.
 */
export function rawHeader(name: string, value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw InviteFailure.bad_value(`${name} is not printable ASCII`)
  const line = `${headerName(name)}: ${value}`
  if (line.length > LINE_OCTETS_LIMIT) throw InviteFailure.bad_value(`${name} is longer than a line may be`)
  return `${line}\r\n`
}

/** `; name=value` of Content-Type and Content-Disposition: a token or quoted-string, else RFC 2231 with a line per section. */
export function parameter(name: string, value: string): string {
  const text = headerText(value, name)
  const isShort = name.length + text.length < PARAMETER_UNITS_MAX && !text.includes('=?')
  if (isShort && /^[\w.+-]+$/.test(text)) return `; ${name}=${text}`
  if (isShort && /^[\x20-\x7e]*$/.test(text)) {
    return `; ${name}="${text.replace(/["\\]/g, '\\$&')}"`
  }
  const encoded = `UTF-8''${Array.from(text, percentEncoded).join('')}`
  const sections = encoded.match(/(?:%[0-9A-F]{2}|[^%]){1,20}/g) ?? []
  if (sections.length === 1) return `;\r\n ${name}*=${encoded}`
  return sections.map((section, index) => `;\r\n ${name}*${index}*=${section}`).join('')
}

function percentEncoded(character: string): string {
  return /[\w.-]/.test(character) ? character : encodeURIComponent(character).replace(/['()*!~]/g, asPercent)
}

function asPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** ASCII that no reader will take for an encoded-word, and whose spaces survive folding. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes('=?') && !text.includes('  ') && hasShortWords(text)
}

function hasShortWords(text: string): boolean {
  return text.split(' ').every((word) => word.length < 60)
}

function foldAtSpaces(text: string, column: number): string {
  let used = column
  let folded = ''
  for (const [index, word] of text.split(' ').entries()) {
    const fits = index === 0 || used + 1 + word.length <= LINE_OCTETS_MAX
    folded += index === 0 ? word : `${fits ? ' ' : '\r\n '}${word}`
    used = fits ? used + word.length + (index === 0 ? 0 : 1) : 1 + word.length
  }
  return folded
}

function headerName(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name)) throw InviteFailure.bad_value('not a header name')
  return name
}
