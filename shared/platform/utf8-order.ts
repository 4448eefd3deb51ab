/** Byte order of UTF-8, which is code point order; UTF-16 order differs beyond the basic plane. */
export function compareUtf8(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
