/** One header field as it stands in the bytes, line ends and folding included. */
type Field = { readonly name: string; readonly text: string }

/** What SES writes above a mail that it receives, each once; the sender's own fields begin below. */
const SES_FIELDS = new Set([
  'return-path',
  'received',
  'x-ses-spam-verdict',
  'x-ses-virus-verdict',
  'received-spf',
  'authentication-results',
  'x-ses-receipt',
  'x-ses-dkim-signature',
])

/** SES's own fields are well under this; a hostile header is not searched further. */
const TRACE_BYTES_MAX = 64 * 1024

export type SesTrace = {
  readonly fields: readonly Field[]
  /** Where the sender's own bytes begin. */
  readonly endsAt: number
}

/**
 * The fields that SES itself put above the mail: one run from the very first byte, known names, none twice. Whatever follows is the
 * sender's, also when it bears the same names.
 */
export function readSesTrace(raw: Uint8Array): SesTrace {
  // Latin-1 keeps one character per byte, so that positions in text and bytes agree.
  const text = Buffer.from(raw.subarray(0, TRACE_BYTES_MAX)).toString('latin1')
  const fields: Field[] = []
  const seen = new Set<string>()
  let endsAt = 0
  for (const [whole, given = ''] of text.matchAll(/([!-9;-~]+)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*/gy)) {
    const name = given.toLowerCase()
    if (!(SES_FIELDS.has(name) || name.startsWith('x-ses-')) || seen.has(name) || !isOfSes(name, whole)) break
    seen.add(name)
    fields.push({ name, text: whole })
    endsAt += whole.length
  }
  return { fields, endsAt }
}

/** The topmost Received is always the receiver's own, whatever it says; the other checks are the sender's to write too. */
function isOfSes(name: string, text: string): boolean {
  return name !== 'authentication-results' || /^[^:]+:\s*amazonses\.com\s*;/i.test(text)
}
