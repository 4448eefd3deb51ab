import type { Buffer } from 'node:buffer'
import { HEADER_BYTES_MAX, HEADER_LINES_MAX } from './limits.ts'
import type { HeaderField } from './mail-part.ts'

/** The header of a mail that no reader understood: whatever lines look like fields, so that the log can say whose mail it was. */
export function salvageFields(raw: Buffer): readonly HeaderField[] {
  const fields: { name: string; value: string }[] = []
  const lines = raw.toString('latin1', 0, Math.min(raw.length, HEADER_BYTES_MAX)).split(/\r\n|\n|\r/, HEADER_LINES_MAX)
  for (const line of lines) {
    if (line === '') break
    const last = fields.at(-1)
    const colon = line.indexOf(':')
    if (/^[ \t]/.test(line)) {
      if (last) last.value += ' ' + line.trim()
    } else if (colon > 0) {
      fields.push({ name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() })
    }
  }
  return fields
}
