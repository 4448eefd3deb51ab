import type { Person } from './person.ts'

/** Whole lines of base64 (RFC 2045 §6.8), one after the other: a header above them is no part of what they hold. */
const BASE64 = /(?:^[A-Za-z0-9+/]+={0,2}\r?\n?)+/gm
/** The least that an address takes. */
const ENCODED_UNITS_MIN = 8
/** Soft line breaks of quoted-printable, folds of headers and calendars (RFC 5545 §3.1), and every second byte of UTF-16. */
const BETWEEN = /=\r?\n|\r?\n[ \t]|\0/g

/** Whether a file or mail names a person: as it is, unfolded, or inside base64. */
export function isNamedInBytes(person: Person, bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1')
  if (isNamedInText(person, text)) return true
  for (const [encoded] of text.matchAll(BASE64))
    if (encoded.length >= ENCODED_UNITS_MIN && isNamedInText(person, Buffer.from(encoded, 'base64').toString('latin1')))
      return true
  return false
}

function isNamedInText(person: Person, text: string): boolean {
  return person.isNamedIn(text) || person.isNamedIn(text.replaceAll(BETWEEN, ''))
}

const [LF, CR, NUL, DASH] = [0x0a, 0x0d, 0x00, 0x2d]

/** A list without what its lines say of a person: a line stays a line, so that whoever walks the list goes on where he was. */
export function withoutLinesOf(person: Person, bytes: Uint8Array): Uint8Array {
  const left = Uint8Array.from(bytes)
  let start = byteOrderMark(bytes)
  for (let end = start; end <= left.length; end += 1) {
    if (end < left.length && left[end] !== LF && left[end] !== CR) continue
    if (isNamedInText(person, Buffer.from(left.subarray(start, end)).toString('latin1')))
      for (let at = start; at < end; at += 1) if (left[at] !== NUL) left[at] = DASH
    start = end + 1
  }
  return left
}

/** Lines that name a person, as text. */
export function linesOf(person: Person, bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes).toString('utf8').replaceAll('\0', '')
  return text.split(/\r\n|\r|\n/).filter((line) => person.isNamedIn(line))
}

function byteOrderMark(bytes: Uint8Array): number {
  if (bytes[0] === 0xef && bytes[1] === 0xbb) return 3
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) ? 2 : 0
}
