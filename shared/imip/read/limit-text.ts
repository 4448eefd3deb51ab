import { Buffer } from 'node:buffer'

/** The longest beginning of `text` that takes at most `bytesMax` bytes in UTF-8, never half a letter. */
export function limitUtf8(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text
  const bytes = Buffer.from(text.slice(0, bytesMax), 'utf8')
  if (bytes.length <= bytesMax) return text.slice(0, bytesMax)
  let end = bytesMax
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
