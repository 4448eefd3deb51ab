import type { Attachment, ParsedMail } from 'mailparser'
import { FALLBACK_HEADER_BYTES_MAX, FALLBACK_LINES_MAX, FALLBACK_PARTS_MAX } from './limits.ts'
import type { HeaderField, MailPart, ReadMessage } from './mail-part.ts'
import { parseStructured } from './parameters.ts'

export type Unread = { readonly unread: string }

/** Nothing is converted, linked or inlined: each of those costs time on hostile text and changes what was sent. */
const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  keepDeliveryStatus: true,
  // Forwarded messages come out as bytes and go through our own walk, which counts their depth.
  ignoreEmbedded: true,
  checksumAlgo: false,
  maxHeadSize: FALLBACK_HEADER_BYTES_MAX,
  maxChildNodes: FALLBACK_PARTS_MAX,
} as const

/** The one door to mailparser, loaded at the first mail that needs it (62 ms). Answers why when it could not read the mail. */
export async function parseByMailparser(raw: Buffer): Promise<ParsedMail | Unread> {
  try {
    const { simpleParser } = await import('mailparser')
    return await simpleParser(raw, OPTIONS)
  } catch (cause) {
    // A third-party parser may throw anything on hostile mail; what it says is kept as the reason.
    return { unread: cause instanceof Error ? cause.message : 'unreadable' }
  }
}

/** Reads a message by mailparser into the same shape that our scanner makes. */
export async function readByMailparser(raw: Buffer): Promise<ReadMessage | Unread> {
  if (hasTooManyLines(raw)) return { unread: `more than ${FALLBACK_LINES_MAX} lines` }
  const mail = await parseByMailparser(raw)
  if ('unread' in mail) return mail
  const fields = (mail.headerLines ?? []).map(fieldOf)
  const rootType = structured(fields, 'content-type')
  const isMultipart = rootType?.value.startsWith('multipart/') === true
  const text = withoutJoints(mail.text, '\n')
  const html = typeof mail.html === 'string' ? withoutJoints(mail.html, '<br/>\n') : undefined
  return {
    readBy: 'mailparser',
    fields,
    bodyStart: bodyStartOf(raw),
    multiparts: isMultipart && rootType ? [{ contentType: rootType.value, parameters: rootType.parameters }] : [],
    parts: mail.attachments.map(partOf),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html: () => html }),
  }
}

function hasTooManyLines(raw: Buffer): boolean {
  let lines = 0
  for (let at = raw.indexOf(0x0a); at !== -1; at = raw.indexOf(0x0a, at + 1)) {
    if (++lines > FALLBACK_LINES_MAX) return true
  }
  return false
}

/** mailparser puts an empty text for each HTML part it was told not to convert, and the other way round. */
function withoutJoints(joined: string | undefined, joint: string): string | undefined {
  let text = joined ?? ''
  while (text.startsWith(joint)) text = text.slice(joint.length)
  while (text.endsWith(joint)) text = text.slice(0, -joint.length)
  return text === '' ? undefined : text
}

function fieldOf(line: { readonly key: string; readonly line: string }): HeaderField {
  const colon = line.line.indexOf(':')
  return {
    name: line.key,
    value: line.line
      .slice(colon + 1)
      .replace(/(?:\r?\n|\r)[ \t]*/g, ' ')
      .trim(),
  }
}

function structured(fields: readonly HeaderField[], name: string) {
  const value = fields.find((field) => field.name === name)?.value
  return value === undefined ? undefined : parseStructured(value)
}

/** RFC 5322 §2.1: the body follows the first empty line. */
function bodyStartOf(raw: Buffer): number {
  for (let at = 0; at < raw.length; ) {
    const lf = raw.indexOf(0x0a, at)
    if (lf === -1) return raw.length
    if (lf === at || (lf === at + 1 && raw[at] === 0x0d)) return lf + 1
    at = lf + 1
  }
  return raw.length
}

function partOf(attachment: Attachment): MailPart {
  const type = attachment.headers.get('content-type')
  const parameters =
    type && typeof type === 'object' && 'params' in type
      ? new Map(Object.entries(type.params))
      : new Map<string, string>()
  const { content } = attachment
  return {
    contentType: attachment.contentType || 'application/octet-stream',
    parameters,
    isBody: false,
    isInAlternative: false,
    content: (limitBytes) => (limitBytes === undefined ? content : content.subarray(0, limitBytes)),
    sizeBytes: () => content.length,
    ...(attachment.contentDisposition ? { disposition: attachment.contentDisposition } : {}),
    ...(attachment.filename ? { filename: attachment.filename } : {}),
  }
}
