import { type Buffer, isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'

/** Names mail uses that the WHATWG table lacks; each is the superset that its users mean. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ascii', 'windows-1252'],
  ['usascii', 'windows-1252'],
  ['us_ascii', 'windows-1252'],
  ['7bit', 'windows-1252'],
  ['8bit', 'windows-1252'],
  ['utf', 'utf-8'],
  ['utf_8', 'utf-8'],
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['cp950', 'big5'],
  ['latin-1', 'windows-1252'],
])

/** UTF-7 can carry markup past filters and the others are rare: never decoded by us. */
const SEVEN_BIT_UNKNOWN = /^(?:.*utf-?7.*|iso-2022-(?:kr|cn|cn-ext)|hz-gb-2312)$/

const decoders = new Map<string, TextDecoder>()
/** Hostile mail could name endless labels; real labels number some two hundred. */
const DECODERS_KEPT = 256

function decoderOf(label: string): TextDecoder | undefined {
  const known = decoders.get(label)
  if (known) return known
  try {
    const made = new TextDecoder(label)
    if (decoders.size < DECODERS_KEPT) decoders.set(label, made)
    return made
  } catch (cause) {
    // The one thing the constructor throws is RangeError for an unknown label.
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

const labels = new Map<string, string>()

/** A charset name as written in mail, reduced to a label the platform knows; undefined when it knows none. */
export function charsetLabel(declared: string): string | undefined {
  const known = labels.get(declared)
  if (known !== undefined) return known
  const label = findLabel(declared)
  if (label !== undefined && labels.size < DECODERS_KEPT) labels.set(declared, label)
  return label
}

function findLabel(declared: string): string | undefined {
  const asterisk = declared.indexOf('*')
  const plain = (asterisk === -1 ? declared : declared.slice(0, asterisk)).trim().toLowerCase()
  const label = ALIASES.get(plain) ?? plain
  if (SEVEN_BIT_UNKNOWN.test(label)) return undefined
  return decoderOf(label)?.encoding
}

/**
 * Text of `bytes`: as UTF-8 when they are UTF-8, else by the declared charset, else line by line as UTF-8 or windows-1252, so
 * that a wrong declaration costs nothing (calendar-mail rule 4). Undefined for a declared charset that cannot be decoded.
 */
export function decodeText(bytes: Buffer, declared: string | undefined): string | undefined {
  const label = declared === undefined || declared === '' ? 'windows-1252' : charsetLabel(declared)
  if (label === undefined) return undefined
  // These write their letters in bytes that also read as ASCII or hold NUL, so UTF-8 must not be tried first.
  const isOpaque = label === 'iso-2022-jp' || label.startsWith('utf-16')
  if (!isOpaque && isAscii(bytes)) return bytes.toString('latin1')
  if (!isOpaque && isUtf8(bytes)) return stripMark(bytes.toString('utf8'))
  if (label === 'utf-8' || label === 'windows-1252') return stripMark(decodeLines(bytes))
  return stripMark(decoderOf(label)?.decode(bytes) ?? '')
}

/** Mail put together by several programs mixes charsets from line to line. */
function decodeLines(bytes: Buffer): string {
  const western = decoderOf('windows-1252')
  const lines: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const lf = bytes.indexOf(0x0a, at)
    const end = lf === -1 ? bytes.length : lf + 1
    const line = bytes.subarray(at, end)
    lines.push(isUtf8(line) ? line.toString('utf8') : (western?.decode(line) ?? ''))
    at = end
  }
  return lines.join('')
}

function stripMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}
