import type { Buffer } from 'node:buffer'
import type { DisassembledMail, FoundCalendar } from '#shared/imip/disassembled-mail.ts'
import { readCms } from './cms-content.ts'
import { CALENDAR_BYTES_MAX, FORWARDED_DEPTH_MAX, SNIFF_BYTES } from './limits.ts'
import type { MailPart, ReadMessage } from './mail-part.ts'
import { beginsAsCalendar } from './raw-calendars.ts'

/** Bytes that claim or seem to be a calendar; a lower `rank` is nearer to what the sender's client meant to be read. */
export type Candidate = {
  readonly rank: number
  readonly depth: number
  readonly where: FoundCalendar['where']
  readonly contentType: string
  readonly bytes: Buffer
  readonly methodParameter?: string
  readonly filename?: string
  readonly declaredCharset?: string
}

type Attachment = DisassembledMail['attachments'][number]

export type Walk = {
  readonly candidates: Candidate[]
  readonly attachments: Attachment[]
  readBy: ReadMessage['readBy']
  hasTnef: boolean
  isEncrypted: boolean
  isSigned: boolean
  isReport: boolean
  /** A message lay deeper than we look: what is in there is not to be found by other means either. */
  isCutOff: boolean
}

const CALENDAR_TYPES: ReadonlySet<string> = new Set(['text/calendar', 'text/x-vcalendar', 'text/vcalendar'])
const CALENDAR_FILE_TYPES: ReadonlySet<string> = new Set([
  'application/ics',
  'application/x-ics',
  'application/calendar',
])
const TNEF_TYPES: ReadonlySet<string> = new Set(['application/ms-tnef', 'application/vnd.ms-tnef'])
const CMS_TYPES: ReadonlySet<string> = new Set(['application/pkcs7-mime', 'application/x-pkcs7-mime'])
const SIGNATURE_TYPES: ReadonlySet<string> = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
])
const MESSAGE_TYPES: ReadonlySet<string> = new Set(['message/rfc822', 'message/global'])
const REPORT_TYPES: ReadonlySet<string> = new Set(['message/delivery-status', 'message/disposition-notification'])
/** A forwarded calendar never outranks a direct one. */
const RANK_PER_DEPTH = 10
const FILENAME_CHARACTERS_MAX = 255

/** Reads the bytes of a message inside this one; undefined when no reader understands it. */
export type ReadInner = (raw: Buffer) => Promise<ReadMessage | undefined>

/** Walks a message's leaves and the messages inside it, at most FORWARDED_DEPTH_MAX deep, and notes what matters. */
export async function walkMessage(
  message: ReadMessage,
  depth: number,
  walk: Walk,
  readInner: ReadInner,
): Promise<void> {
  if (message.readBy === 'mailparser') walk.readBy = 'mailparser'
  for (const { contentType } of message.multiparts) {
    if (contentType === 'multipart/encrypted') walk.isEncrypted = true
    if (contentType === 'multipart/signed') walk.isSigned = true
    if (contentType === 'multipart/report' && depth === 0) walk.isReport = true
  }
  const start = message.text?.trimStart().slice(0, 40) ?? ''
  if (start.startsWith('-----BEGIN PGP MESSAGE-----')) walk.isEncrypted = true
  if (start.startsWith('-----BEGIN PGP SIGNED MESSAGE')) walk.isSigned = true
  for (const part of message.parts) await walkPart(part, depth, walk, readInner)
}

async function walkPart(part: MailPart, depth: number, walk: Walk, readInner: ReadInner): Promise<void> {
  if (part.isBody) return
  const { contentType } = part
  if (TNEF_TYPES.has(contentType) || /^win(?:mail)?\.dat$/i.test(part.filename ?? '')) walk.hasTnef = true
  if (contentType === 'application/pgp-encrypted') walk.isEncrypted = true
  if (SIGNATURE_TYPES.has(contentType)) walk.isSigned = true
  if (REPORT_TYPES.has(contentType) && depth === 0) walk.isReport = true
  const rank = calendarRank(part)
  if (rank !== undefined) {
    walk.candidates.push(candidateOf(part, rank, depth))
    return
  }
  if (depth === 0) walk.attachments.push(attachmentOf(part))
  if (MESSAGE_TYPES.has(contentType)) {
    const inner = depth < FORWARDED_DEPTH_MAX ? await readInner(part.content()) : undefined
    if (inner) await walkMessage(inner, depth + 1, walk, readInner)
    if (depth >= FORWARDED_DEPTH_MAX) walk.isCutOff = true
  }
  if (CMS_TYPES.has(contentType)) await walkCms(part, depth, walk, readInner)
}

/** An opaque S/MIME body (RFC 8551 §3.5.2): a signed one is opened, an enveloped one is only noted. */
async function walkCms(part: MailPart, depth: number, walk: Walk, readInner: ReadInner): Promise<void> {
  const cms = readCms(part.content())
  if (cms.kind === 'signed') {
    walk.isSigned = true
    const inner = cms.content && depth < FORWARDED_DEPTH_MAX ? await readInner(cms.content) : undefined
    if (inner) await walkMessage(inner, depth, walk, readInner)
  } else {
    const declared = part.parameters.get('smime-type')?.toLowerCase()
    if (cms.kind === 'enveloped' || declared === undefined || declared.includes('enveloped')) walk.isEncrypted = true
  }
}

/** Whether a part is looked into for calendars, and how near it is to the sender's meaning. */
function calendarRank(part: MailPart): number | undefined {
  const { contentType } = part
  if (CALENDAR_TYPES.has(contentType)) return part.disposition === 'attachment' ? 2 : part.isInAlternative ? 0 : 1
  if (CALENDAR_FILE_TYPES.has(contentType)) return 3
  if (/\.(?:ics|vcs|ical|icalendar)$/i.test(part.filename ?? '')) return 4
  if (/^(?:image|audio|video)\//.test(contentType)) return undefined
  return beginsAsCalendar(part.content(SNIFF_BYTES)) ? 5 : undefined
}

function candidateOf(part: MailPart, rank: number, depth: number): Candidate {
  const method = part.parameters.get('method')?.trim().toUpperCase()
  const charset = part.parameters.get('charset')
  return {
    rank: rank + depth * RANK_PER_DEPTH,
    depth,
    where: depth > 0 ? 'forwarded' : rank <= 1 ? 'part' : 'attachment',
    contentType: part.contentType,
    bytes: part.content(CALENDAR_BYTES_MAX),
    ...(method ? { methodParameter: method } : {}),
    ...(part.filename === undefined ? {} : { filename: plainName(part.filename) }),
    ...(charset ? { declaredCharset: charset } : {}),
  }
}

function attachmentOf(part: MailPart): Attachment {
  const { contentType } = part
  const sizeBytes = part.sizeBytes()
  return part.filename === undefined
    ? { contentType, sizeBytes }
    : { filename: plainName(part.filename), contentType, sizeBytes }
}

/** A name that may be shown: no control characters, no path, bounded. */
export function plainName(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  return base.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').slice(0, FILENAME_CHARACTERS_MAX)
}
