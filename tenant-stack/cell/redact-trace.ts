import { readSesTrace } from './ses-trace.ts'

/** Opaque to us, so it may name the envelope; the signature covers it and is worth nothing without it. */
const OPAQUE = new Set(['x-ses-receipt', 'x-ses-dkim-signature'])

/**
 * The mail as a tenant may see it when others received it too: what SES wrote above it no longer says for whom it was. Everything below
 * is the sender's and stays byte for byte, or his signatures would break.
 */
export function redactTrace(raw: Uint8Array): Uint8Array {
  const { fields, endsAt } = readSesTrace(raw)
  const kept = fields
    .filter(({ name }) => !OPAQUE.has(name))
    .map(({ name, text }) => (name === 'received' ? withoutRecipient(text) : text))
  return Buffer.concat([Buffer.from(kept.join(''), 'latin1'), raw.subarray(endsAt)])
}

/** RFC 5321 §4.4: the FOR clause stands after BY and ends at the semicolon before the date. What the sender said in HELO stands before. */
function withoutRecipient(received: string): string {
  const by = Math.max(received.lastIndexOf('by inbound-smtp.'), 0)
  const opening = /\s+for\s/i.exec(received.slice(by))
  if (opening === null) return received
  const semicolon = received.lastIndexOf(';')
  const clauseAt = by + opening.index
  // Without a semicolon nobody can tell where the clause ends: the rest of the field goes with it.
  return received.slice(0, clauseAt) + (semicolon > clauseAt ? received.slice(semicolon) : '\r\n')
}
