/** Crockford's alphabet in lower case: no i, l, o, u; its order is ASCII order, so ids sort by time. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** The number the bytes make (big-endian), as base32 of exactly `length` characters. */
export function toBase32(bytes: Uint8Array, length: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let at = 0; at < length; at += 1) {
    text = (ALPHABET[Number(value & 31n)] ?? '') + text
    value >>= 5n
  }
  return text
}
