import { isAscii, isUtf8 } from 'node:buffer'

/** Charsets that hide non-ASCII text behind ASCII bytes, so that "is it UTF-8?" would wrongly say yes. */
const STATEFUL_CHARSETS = /^iso-2022-jp/i
const ESCAPE = 0x1b

type Decoder = InstanceType<typeof TextDecoder>

export type DecodedText = { readonly text: string; readonly isGuessed: boolean }

/** UTF-8 when the bytes are; else, line by line, UTF-8 or the declared charset, or windows-1252, which reads any byte. */
export function decodeText(bytes: Buffer, declaredCharset: string | undefined): DecodedText {
  if (declaredCharset !== undefined && STATEFUL_CHARSETS.test(declaredCharset) && bytes.includes(ESCAPE)) {
    const decoder = decoderFor(declaredCharset)
    if (decoder !== undefined) return { text: decoder.decode(bytes), isGuessed: false }
  }
  if (isAscii(bytes)) return { text: bytes.toString('latin1'), isGuessed: false }
  if (isUtf8(bytes)) return { text: bytes.toString('utf8'), isGuessed: false }
  const declared = declaredCharset === undefined ? undefined : decoderFor(declaredCharset)
  const fallback = declared === undefined || declared.encoding === 'utf-8' ? new TextDecoder('windows-1252') : declared
  const lines = bytes.toString('latin1').split('\n')
  const text = lines.map((line) => decodeLine(Buffer.from(line, 'latin1'), fallback)).join('\n')
  return { text, isGuessed: fallback !== declared }
}

function decodeLine(bytes: Buffer, fallback: Decoder): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : fallback.decode(bytes)
}

/** A charset label comes from the mail: an unknown one is no error, it only does not help. */
function decoderFor(label: string): Decoder | undefined {
  try {
    return new TextDecoder(label.trim().replaceAll(/^["']|["']$/g, ''))
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** UTF-16 with or without a byte order mark becomes UTF-8; a UTF-8 mark goes; anything else comes back as it is. */
export function withoutByteOrderMark(bytes: Uint8Array): Buffer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [first, second, third] = buffer
  if (first === 0xef && second === 0xbb && third === 0xbf) return buffer.subarray(3)
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0 && third !== 0)) {
    return Buffer.from(new TextDecoder('utf-16le').decode(buffer))
  }
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0)) {
    return Buffer.from(new TextDecoder('utf-16be').decode(buffer))
  }
  return buffer
}
