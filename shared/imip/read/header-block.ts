import type { Buffer } from 'node:buffer'
import { HEADER_BYTES_MAX, HEADER_LINES_MAX } from './limits.ts'
import type { Declined, HeaderField } from './mail-part.ts'

/** Everything the product decides by; other fields are stepped over without a copy. */
const KEPT_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'sender',
  'reply-to',
  'to',
  'return-path',
  'message-id',
  'in-reply-to',
  'references',
  'subject',
  'date',
  'auto-submitted',
  'precedence',
  'list-id',
  'list-post',
  'list-unsubscribe',
  'x-autoreply',
  'x-autorespond',
  'x-auto-response-suppress',
  'content-type',
  'content-disposition',
  'content-transfer-encoding',
])

export type HeaderBlock = { readonly fields: readonly HeaderField[]; readonly bodyStart: number }

const LF = 0x0a
const CR = 0x0d

/** Offset after the empty line that ends the block (or `end`), and the offset where that line begins. */
function blockEnd(
  raw: Buffer,
  start: number,
  end: number,
): { lines: number; stop: number; bodyStart: number } | undefined {
  let at = start
  for (let lines = 0; lines < HEADER_LINES_MAX; lines++) {
    if (at - start > HEADER_BYTES_MAX) return undefined
    const found = raw.indexOf(LF, at)
    const lineEnd = found === -1 || found >= end ? end : found
    if (found !== lineEnd) return lineEnd - start > HEADER_BYTES_MAX ? undefined : { lines, stop: end, bodyStart: end }
    if (lineEnd === at || (lineEnd === at + 1 && raw[at] === CR)) return { lines, stop: at, bodyStart: lineEnd + 1 }
    at = lineEnd + 1
  }
  return undefined
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** The colon's offset when the line begins with a plain RFC 5322 §2.2 field name, else -1. */
function nameEnd(block: string, at: number, lineEnd: number): number {
  for (let i = at; i < lineEnd; i++) {
    const code = block.charCodeAt(i)
    if (code === 0x3a) return i > at ? i : -1
    if (code <= 0x20 || code >= 0x7f) return -1
  }
  return -1
}

/**
 * Reads the header at `start`: the kept fields in their order, and where the body begins.
 * Declines what readers disagree on: a line without a field name, a bare CR, NUL, a delimiter inside (RFC 5322 §2.2, §4.5).
 */
export function readHeaderBlock(raw: Buffer, start: number, end: number): HeaderBlock | Declined {
  const found = blockEnd(raw, start, end)
  if (!found) return { declined: 'header_too_large' }
  const block = raw.toString('latin1', start, found.stop)
  if (block.includes('\0')) return { declined: 'header_malformed' }
  const fields: HeaderField[] = []
  let name = ''
  let value = ''
  let isFirst = true
  let nextCr = block.indexOf('\r')
  for (let at = 0; at < block.length; ) {
    const lf = block.indexOf('\n', at)
    const next = lf === -1 ? block.length : lf + 1
    let lineEnd = lf === -1 ? block.length : lf
    if (lineEnd > at && block.charCodeAt(lineEnd - 1) === CR) lineEnd--
    if (nextCr !== -1 && nextCr < at) nextCr = block.indexOf('\r', at)
    if (nextCr !== -1 && nextCr < lineEnd) return { declined: 'header_malformed' }
    if (isBlank(block.charCodeAt(at))) {
      if (isFirst) return { declined: 'header_malformed' }
      if (name !== '') value += ' ' + block.slice(at, lineEnd).trim()
    } else {
      if (name !== '') fields.push({ name, value: value.trim() })
      const colon = nameEnd(block, at, lineEnd)
      if (colon === -1 || block.startsWith('--', at)) return { declined: 'header_malformed' }
      const lower = block.slice(at, colon).toLowerCase()
      name = KEPT_FIELDS.has(lower) ? lower : ''
      value = name === '' ? '' : block.slice(colon + 1, lineEnd)
    }
    isFirst = false
    at = next
  }
  if (name !== '') fields.push({ name, value: value.trim() })
  return { fields, bodyStart: found.bodyStart }
}

/** The value of the first field of that name. */
export function firstField(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value
}
