/** SES and the inlet take mails up to 40 MB; nothing larger is ever hashed. */
export const MAIL_BYTES_MAX = 40 * 1024 * 1024

/** A header with a full ARC chain is about 30 KB; what follows costs time quadratic in these. */
const HEADER_BYTES_MAX = 256 * 1024
const HEADER_LINES_MAX = 4000

/** RFC 5322 §2.1.1 allows 998; hashing in chunks goes over an unfinished line again and again. */
const LINE_BYTES_MAX = 128 * 1024

/** Forwarders and list hosts add theirs: four or five are seen; each may cost a key lookup and a pass over the body. */
const SIGNATURES_MAX = 8

/** One mailbox, with a long name in encoded words; address parsers have been slow on long fields. */
const FROM_BYTES_MAX = 4096

/**
 * RFC 5322 §3.6: at most once. A signature covers the lowest of several while readers show the highest
 * (RFC 6376 §8.15), so a mail that repeats one of these was tampered with or is not worth a verdict.
 */
const SINGLE_FIELDS = ['from', 'sender', 'reply-to', 'subject', 'content-type', 'content-transfer-encoding']

const LF = 0x0a
const CR = 0x0d

export type GatedMail =
  | {
      readonly kind: 'passed'
      /** The mail with CRLF line ends, as it is hashed. */
      readonly mail: Buffer
      readonly fromFields: number
      readonly signatures: number
      readonly repeatsSingleField: boolean
    }
  | {
      readonly kind: 'refused'
      readonly reason: 'too_large' | 'header_too_large' | 'line_too_long' | 'too_many_signatures' | 'from_too_long'
    }

/** Looks once over a mail, in time linear in its size, and refuses what would be dear to verify. */
export function gateMail(raw: Uint8Array): GatedMail {
  if (raw.length > MAIL_BYTES_MAX) return { kind: 'refused', reason: 'too_large' }
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const lines = surveyLines(bytes)
  if (lines === 'line_too_long') return { kind: 'refused', reason: lines }
  const mail = lines.bareLineFeeds === 0 ? bytes : withCrlf(bytes, lines.bareLineFeeds)
  const header = headerOf(mail)
  if (header === undefined) return { kind: 'refused', reason: 'header_too_large' }

  const counts = new Map<string, number>()
  let fieldBytes = 0
  let name = ''
  // A lone CR ends a line for some readers, so a field behind one counts too.
  for (const line of header.split(/\r\n?/)) {
    const isFolded = line.startsWith(' ') || line.startsWith('\t')
    if (!isFolded) {
      // Space before the colon is obsolete syntax that readers still accept, so it counts.
      name = /^([^:\s]+)[ \t]*:/.exec(line)?.[1]?.toLowerCase() ?? ''
      counts.set(name, (counts.get(name) ?? 0) + 1)
      fieldBytes = 0
    }
    fieldBytes += line.length
    if (name === 'from' && fieldBytes > FROM_BYTES_MAX) return { kind: 'refused', reason: 'from_too_long' }
  }
  const signatures = counts.get('dkim-signature') ?? 0
  if (signatures > SIGNATURES_MAX) return { kind: 'refused', reason: 'too_many_signatures' }
  const repeatsSingleField = SINGLE_FIELDS.some((field) => (counts.get(field) ?? 0) > 1)
  return { kind: 'passed', mail, fromFields: counts.get('from') ?? 0, signatures, repeatsSingleField }
}

function surveyLines(bytes: Buffer): { readonly bareLineFeeds: number } | 'line_too_long' {
  let bareLineFeeds = 0
  let lineStart = 0
  while (lineStart < bytes.length) {
    const lineFeed = bytes.indexOf(LF, lineStart)
    const lineEnd = lineFeed < 0 ? bytes.length : lineFeed
    if (lineEnd - lineStart > LINE_BYTES_MAX) return 'line_too_long'
    if (lineFeed >= 0 && bytes[lineFeed - 1] !== CR) bareLineFeeds += 1
    lineStart = lineEnd + 1
  }
  return { bareLineFeeds }
}

/** DKIM is defined over CRLF (RFC 6376 §5.3); done here in one pass, where the library would go line by line. */
function withCrlf(bytes: Buffer, bareLineFeeds: number): Buffer {
  const out = Buffer.allocUnsafe(bytes.length + bareLineFeeds)
  let at = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0
    if (byte === LF && bytes[index - 1] !== CR) out[at++] = CR
    out[at++] = byte
  }
  return out
}

function headerOf(mail: Buffer): string | undefined {
  const start = mail.subarray(0, HEADER_BYTES_MAX)
  const end = start.indexOf('\r\n\r\n')
  if (end < 0 && mail.length > HEADER_BYTES_MAX) return undefined
  const header = (end < 0 ? start : start.subarray(0, end)).toString('latin1')
  let lines = 1
  for (let at = header.indexOf('\n'); at >= 0; at = header.indexOf('\n', at + 1)) lines += 1
  return lines > HEADER_LINES_MAX ? undefined : header
}
