import { Buffer } from 'node:buffer'
import { decodeText } from './charset.ts'
import { decodeWords } from './encoded-words.ts'
import { PARAMETER_BYTES_MAX } from './limits.ts'

/** `value` in lower case; parameter names in lower case, values decoded (RFC 2231, or RFC 2047 as mailers do). */
export type StructuredValue = { readonly value: string; readonly parameters: ReadonlyMap<string, string> }

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map()
/** RFC 2231 continuations beyond this are padding; real names need three or four. */
const SEGMENTS_MAX = 64

type Segment = { readonly name: string; readonly number: number; readonly isEncoded: boolean; readonly value: string }

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  return at
}

/** Reads a token or quoted-string (RFC 2045 §5.1) at `from`; undefined when it is neither. */
function readValue(text: string, from: number): { value: string; end: number } | undefined {
  if (text[from] !== '"') {
    let end = from
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (code === 0x3b || isBlank(code)) break
      if (code === 0x22 || code === 0x28 || code === 0x5c || code < 0x20) return undefined
    }
    return end === from ? undefined : { value: text.slice(from, end), end }
  }
  let value = ''
  let plainFrom = from + 1
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) return { value: value + text.slice(plainFrom, at), end: at + 1 }
    if (code === 0x5c) {
      value += text.slice(plainFrom, at)
      plainFrom = ++at
    }
  }
  return undefined
}

/**
 * Parses Content-Type or Content-Disposition. Undefined for whatever readers disagree on: comments, repeated or
 * valueless parameters, junk after a quoted value, gaps in RFC 2231 numbering.
 */
export function parseStructured(text: string): StructuredValue | undefined {
  if (text.length > PARAMETER_BYTES_MAX) return undefined
  const semicolon = text.indexOf(';')
  const head = (semicolon === -1 ? text : text.slice(0, semicolon)).trim()
  if (!/^[A-Za-z0-9!#$&^_.+/-]+$/.test(head)) return undefined
  const value = head.toLowerCase()
  if (semicolon === -1) return { value, parameters: NO_PARAMETERS }
  const parameters = new Map<string, string>()
  const segments: Segment[] = []
  for (let at = skipBlank(text, semicolon + 1); at < text.length; at = skipBlank(text, at)) {
    // An empty parameter (`;;` or a trailing `;`) says nothing and every reader skips it.
    if (text[at] === ';') {
      at++
      continue
    }
    const equals = text.indexOf('=', at)
    if (equals === -1) return undefined
    const name = text.slice(at, equals).trim().toLowerCase()
    if (!/^[a-z0-9!#$%&'*+^_`{|}~.-]+$/.test(name)) return undefined
    const read = readValue(text, skipBlank(text, equals + 1))
    if (!read) return undefined
    at = skipBlank(text, read.end)
    if (at < text.length && text[at] !== ';') return undefined
    at++
    if (name.includes('*')) {
      const segment = segmentOf(name, read.value)
      if (!segment || segments.length >= SEGMENTS_MAX) return undefined
      segments.push(segment)
    } else if (parameters.has(name)) {
      return undefined
    } else {
      parameters.set(name, name === 'boundary' || name === 'charset' ? read.value : decodeWords(read.value))
    }
  }
  return joinSegments(segments, parameters) ? { value, parameters } : undefined
}

function segmentOf(name: string, value: string): Segment | undefined {
  const match = /^([^*]+)\*(?:(\d{1,3})(\*?))?$/.exec(name)
  const base = match?.[1]
  if (base === undefined || (base !== 'filename' && base !== 'name')) return undefined
  const isEncoded = match?.[2] === undefined || match[3] === '*'
  return { name: base, number: Number(match?.[2] ?? 0), isEncoded, value }
}

/** RFC 2231 §3, §4: puts numbered segments together; an assembled value wins over the plain one (RFC 6266 §4.3). */
function joinSegments(segments: readonly Segment[], parameters: Map<string, string>): boolean {
  for (const name of new Set(segments.map((segment) => segment.name))) {
    const own = segments.filter((segment) => segment.name === name).sort((a, b) => a.number - b.number)
    if (own.some((segment, index) => segment.number !== index)) return false
    const first = own[0]?.value ?? ''
    const quotes = own[0]?.isEncoded === true ? /^([^']*)'[^']*'/.exec(first) : null
    if (own.some((segment) => segment.isEncoded) && !quotes) return false
    const bytes = own.map((segment, index) => {
      const text = index === 0 ? segment.value.slice(quotes?.[0].length ?? 0) : segment.value
      return segment.isEncoded ? percentDecode(text) : Buffer.from(text, 'latin1')
    })
    const decoded = decodeText(Buffer.concat(bytes), quotes?.[1] || 'utf-8')
    if (decoded === undefined) return false
    parameters.set(name, decoded)
  }
  return true
}

function percentDecode(text: string): Buffer {
  const out = Buffer.allocUnsafe(text.length)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const hex = text[i] === '%' ? text.slice(i + 1, i + 3) : ''
    if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
      out[length++] = Number.parseInt(hex, 16)
      i += 2
    } else {
      out[length++] = text.charCodeAt(i)
    }
  }
  return out.subarray(0, length)
}
