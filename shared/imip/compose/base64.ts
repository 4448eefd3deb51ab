/** RFC 2045 §6.8: characters of an encoded line, and the octets they carry. */
const LINE_CHARACTERS = 76
const LINE_OCTETS = 57

const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', 'latin1')
const CR = 0x0d
const LF = 0x0a

/** Base64 in lines of at most 76 characters, each ended by CRLF; '' for no octets. */
export function base64Lines(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64')
  return text.replace(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g'), '$&\r\n')
}

/** Length of what `writeBase64Lines` writes for so many octets, a multiple of three. */
export function base64LinesLength(octetCount: number): number {
  return (octetCount / 3) * 4 + 2 * Math.ceil(octetCount / LINE_OCTETS)
}

/**
 * The same lines written into `out` at `at`, for the few octets that differ from mail to mail; `from`..`to` must be whole
 * triples. Returns where it ended. A table walk, because a call into the runtime per line costs more than the whole region.
 */
export function writeBase64Lines(out: Uint8Array, at: number, octets: Uint8Array, from: number, to: number): number {
  let position = at
  let index = from
  while (index < to) {
    const lineEnd = Math.min(index + LINE_OCTETS, to)
    for (; index < lineEnd; index += 3) {
      const triple = ((octets[index] ?? 0) << 16) | ((octets[index + 1] ?? 0) << 8) | (octets[index + 2] ?? 0)
      out[position] = ALPHABET[triple >> 18] ?? 0
      out[position + 1] = ALPHABET[(triple >> 12) & 63] ?? 0
      out[position + 2] = ALPHABET[(triple >> 6) & 63] ?? 0
      out[position + 3] = ALPHABET[triple & 63] ?? 0
      position += 4
    }
    out[position] = CR
    out[position + 1] = LF
    position += 2
  }
  return position
}
