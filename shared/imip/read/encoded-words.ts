import { Buffer, isAscii, isUtf8 } from 'node:buffer'
import { charsetLabel, decodeText } from './charset.ts'
import { decodeTransfer } from './transfer-encoding.ts'

type Word = { readonly charset: string; readonly bytes: Buffer; readonly end: number }

const CHARSET_CHARACTERS_MAX = 64
const WORD_CHARSET = /^[A-Za-z0-9_.:*+-]+$/

/** The encoded word that begins at `at` (RFC 2047 §2, line-length rule not enforced), or undefined. */
function wordAt(text: string, at: number): Word | undefined {
  const charsetEnd = text.indexOf('?', at + 2)
  if (charsetEnd === -1 || charsetEnd - at - 2 > CHARSET_CHARACTERS_MAX || text[charsetEnd + 2] !== '?')
    return undefined
  const charset = text.slice(at + 2, charsetEnd)
  const encoding = text[charsetEnd + 1]
  const end = text.indexOf('?', charsetEnd + 3)
  if (end === -1 || text[end + 1] !== '=' || !WORD_CHARSET.test(charset)) return undefined
  const body = text.slice(charsetEnd + 3, end)
  if (encoding === 'B' || encoding === 'b') {
    return { charset, bytes: decodeTransfer(Buffer.from(body, 'latin1'), 'base64'), end: end + 2 }
  }
  if (encoding !== 'Q' && encoding !== 'q') return undefined
  // A blank inside would be trimmed at the end as transport padding; as =20 it is data.
  const spaced = Buffer.from(body.replace(/[_\s]/g, '=20'), 'latin1')
  return { charset, bytes: decodeTransfer(spaced, 'quoted-printable'), end: end + 2 }
}

/** A header value's bytes as text: UTF-8 (RFC 6532) when they are that, else windows-1252. */
export function headerText(value: string): string {
  const bytes = Buffer.from(value, 'latin1')
  if (isAscii(bytes)) return value
  return isUtf8(bytes) ? bytes.toString('utf8') : (decodeText(bytes, undefined) ?? value)
}

/**
 * Decodes RFC 2047 encoded words of a header value given one character per byte; everything else is kept as it stands.
 * Neighbouring words of one charset are joined before decoding, because mailers split letters between them.
 * Linear in the length of the value.
 */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return headerText(value)
  const out: string[] = []
  let plainFrom = 0
  // Words of one charset, not yet decoded; kept apart so that joining a thousand costs one copy.
  let charset = ''
  let pending: Buffer[] = []
  const flush = () => {
    if (pending.length > 0) out.push(wordText(Buffer.concat(pending), charset))
    pending = []
  }
  for (let at = value.indexOf('=?'); at !== -1; ) {
    const word = wordAt(value, at)
    if (!word) {
      at = value.indexOf('=?', at + 2)
      continue
    }
    const between = value.slice(plainFrom, at)
    // RFC 2047 §6.2: white space between two encoded words is not shown.
    const isAdjacent = plainFrom > 0 && between.trim() === ''
    if (!isAdjacent || charset !== word.charset.toLowerCase()) flush()
    if (!isAdjacent) out.push(headerText(between))
    charset = word.charset.toLowerCase()
    pending.push(word.bytes)
    plainFrom = word.end
    at = value.indexOf('=?', word.end)
  }
  flush()
  out.push(headerText(value.slice(plainFrom)))
  return out.join('')
}

function wordText(bytes: Buffer, charset: string): string {
  // An unknown or refused charset (UTF-7) is shown as the bytes it was sent in.
  return decodeText(bytes, charsetLabel(charset)) ?? bytes.toString('latin1')
}
