import { Buffer } from 'node:buffer'
import type { TransferEncoding } from './mail-part.ts'

const LF = 0x0a
const CR = 0x0d
const EQUALS = 0x3d
const SPACE = 0x20
const TAB = 0x09
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** -1 for a byte that is no hexadecimal digit. */
const HEX = new Int8Array(256).fill(-1)
/** 1 for the letters of RFC 2045 §6.8. */
const BASE64 = new Uint8Array(256)
for (let i = 0; i < 10; i++) HEX[0x30 + i] = i
for (let i = 0; i < 6; i++) {
  HEX[0x41 + i] = 10 + i
  HEX[0x61 + i] = 10 + i
}
for (const letter of ALPHABET) BASE64[letter.charCodeAt(0)] = 1

/** Base64 with junk between and padding missing or repeated: some gateways pad each line, and Buffer stops at the first. */
function decodeBase64(bytes: Buffer): Buffer {
  const raw = bytes.toString('latin1')
  // Buffer reads the URL alphabet too; in MIME these two are junk to be skipped.
  const text = raw.includes('-') || raw.includes('_') ? raw.replace(/[-_]/g, '') : raw
  const pad = text.indexOf('=')
  if (pad === -1 || !/[A-Za-z0-9+/]/.test(text.slice(pad))) return Buffer.from(text, 'base64')
  const output = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4))
  let length = 0
  for (let at = 0; at < text.length; ) {
    const found = text.indexOf('=', at)
    const end = found === -1 ? text.length : found
    if (end > at) length += output.write(text.slice(at, end), length, 'base64')
    at = end + 1
  }
  return output.subarray(0, length)
}

function base64Size(bytes: Buffer): number {
  let size = 0
  let run = 0
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes[i] ?? 0
    if (BASE64[code] === 1) run++
    else if (code === EQUALS) {
      size += Math.floor((run * 3) / 4)
      run = 0
    }
  }
  return size + Math.floor((run * 3) / 4)
}

/** Offset after a soft line break whose `=` stands at `at`, or -1 when it is none (RFC 2045 §6.7 rule 5, blanks before the break forgiven). */
function softBreakEnd(bytes: Buffer, at: number): number {
  let i = at + 1
  while (bytes[i] === SPACE || bytes[i] === TAB) i++
  if (i >= bytes.length) return i
  if (bytes[i] === LF) return i + 1
  return bytes[i] === CR && bytes[i + 1] === LF ? i + 2 : -1
}

function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const output = Buffer.allocUnsafe(bytes.length)
  const end = bytes.length
  let length = 0
  // Blanks written after this point are the transport's padding when a line ends (rule 3).
  let kept = 0
  for (let i = 0; i < end; ) {
    const code = bytes[i] ?? 0
    if (code > EQUALS || (code < EQUALS && code > CR)) {
      output[length++] = code
      i++
      continue
    }
    if (code === EQUALS) {
      const high = HEX[bytes[i + 1] ?? 0] ?? -1
      const low = HEX[bytes[i + 2] ?? 0] ?? -1
      const after = high >= 0 && low >= 0 ? -1 : softBreakEnd(bytes, i)
      if (high >= 0 && low >= 0) output[length++] = high * 16 + low
      else if (after === -1) output[length++] = EQUALS
      i = high >= 0 && low >= 0 ? i + 3 : after === -1 ? i + 1 : after
      kept = length
      continue
    }
    if (code === LF || code === CR) {
      while (length > kept && isBlank(output[length - 1])) length--
      output[length++] = code
      kept = length
    } else {
      output[length++] = code
    }
    i++
  }
  while (length > kept && isBlank(output[length - 1])) length--
  return output.subarray(0, length)
}

function isBlank(code: number | undefined): boolean {
  return code === SPACE || code === TAB
}

/** How many encoded bytes surely hold `limit` decoded ones; base64 lines add their line ends, QP triples. */
function encodedSpan(encoding: TransferEncoding, limit: number): number {
  return encoding === 'identity' ? limit : limit * 3 + 16
}

/**
 * The decoded bytes of a body, at most `limit` of them, forgiving what mail forgives. An identity body is a view, not a copy.
 * Work is bounded by `limit`, so a look at the head of a 30 MB attachment is cheap.
 */
export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding, limit?: number): Buffer {
  const part = limit === undefined ? bytes : bytes.subarray(0, encodedSpan(encoding, limit))
  const decoded =
    encoding === 'base64' ? decodeBase64(part) : encoding === 'quoted-printable' ? decodeQuotedPrintable(part) : part
  return limit === undefined || decoded.length <= limit ? decoded : decoded.subarray(0, limit)
}

/** Length of the decoded body; base64 is counted without decoding it. */
export function decodedSize(bytes: Buffer, encoding: TransferEncoding): number {
  if (encoding === 'base64') return base64Size(bytes)
  return encoding === 'identity' ? bytes.length : decodeQuotedPrintable(bytes).length
}
