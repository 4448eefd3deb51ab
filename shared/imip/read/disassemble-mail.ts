import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import { limitUtf8 } from './limit-text.ts'
import { TEXT_BYTES_MAX } from './limits.ts'
import { readMailHeaders } from './mail-headers.ts'
import { isDeclined, type ReadMessage } from './mail-part.ts'
import { readByMailparser } from './mailparser-door.ts'
import { calendarBlocks, calendarsInRaw, holdsCalendar, unquoted } from './raw-calendars.ts'
import { type ReadCalendars, readCandidates } from './read-calendars.ts'
import { salvageFields } from './salvage-header.ts'
import { sanitizeBodyHtml } from './sanitize-body-html.ts'
import { scanMessage } from './scan-message.ts'
import { type Candidate, type Walk, walkMessage } from './walk-parts.ts'

/** Below every rank of a MIME part. */
const RANK_INLINE = 90
const RANK_RAW = 100

/**
 * Takes one received mail apart: our scanner first, mailparser for what it declines, the bare bytes when neither finds a
 * calendar. Never throws; what could not be read is said in `unreadable`. Time and memory grow with the bytes given,
 * which the caller has bounded. Reading rules: calendar-mail edge cases 1–7, 13, 50, 51.
 */
export async function disassembleMail(raw: Uint8Array): Promise<DisassembledMail> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const read = await readMessage(bytes)
  const message = 'unread' in read ? unreadMessage(bytes) : read
  const headers = readMailHeaders(message.fields)
  const walk = newWalk(message.readBy)
  await walkMessage(message, 0, walk, async (inner) => {
    const found = await readMessage(inner)
    return 'unread' in found ? undefined : found
  })
  const found = await findCalendars(bytes, message, walk, headers.date)
  // Beside a calendar the HTML only says the same again, for eyes; nobody decides by it.
  const html = found.calendars.length > 0 || !message.html ? undefined : await sanitizeBodyHtml(message.html())
  const { isAutoReply, isSuppressingReplies, ...fields } = headers
  const unread =
    'unread' in read && found.calendars.length === 0
      ? [{ reason: 'not_a_calendar', detail: `The mail could not be read: ${read.unread}` } as const]
      : []
  return {
    ...fields,
    readBy: walk.readBy,
    isReport: walk.isReport,
    // Exchange's out-of-office says auto-generated and "suppress all", as its meeting mails do, but carries no calendar.
    isAutoReply: isAutoReply || (isSuppressingReplies && found.calendars.length === 0),
    hasTnef: walk.hasTnef,
    isEncrypted: walk.isEncrypted,
    isSigned: walk.isSigned,
    forwardedDepth: found.forwardedDepth,
    ...(message.text === undefined ? {} : { text: limitUtf8(message.text, TEXT_BYTES_MAX) }),
    ...(html === undefined || html === '' ? {} : { html }),
    calendars: found.calendars,
    unreadable: [...found.unreadable, ...unread],
    attachments: walk.attachments,
    bodyHash: hash('sha256', bytes.subarray(message.bodyStart), 'hex'),
  }
}

async function readMessage(raw: Buffer): Promise<ReadMessage | { readonly unread: string }> {
  const scanned = scanMessage(raw)
  return isDeclined(scanned) ? readByMailparser(raw) : scanned
}

function unreadMessage(raw: Buffer): ReadMessage {
  return { readBy: 'mailparser', fields: salvageFields(raw), bodyStart: 0, multiparts: [], parts: [] }
}

function newWalk(readBy: ReadMessage['readBy']): Walk {
  return {
    candidates: [],
    attachments: [],
    readBy,
    hasTnef: false,
    isEncrypted: false,
    isSigned: false,
    isReport: false,
    isCutOff: false,
  }
}

/** The parts' calendars; when they show none at all, one pasted into the text, then one anywhere in the bytes. */
async function findCalendars(
  raw: Buffer,
  message: ReadMessage,
  walk: Walk,
  date: number | undefined,
): Promise<ReadCalendars> {
  const inParts = await readCandidates(walk.candidates, date)
  const isTold = inParts.calendars.length > 0 || walk.candidates.some(({ bytes }) => holdsCalendar(bytes))
  if (isTold || walk.isCutOff) return inParts
  const inText = message.text === undefined ? [] : calendarBlocks(Buffer.from(unquoted(message.text)))
  const blocks = inText.length > 0 ? inText : calendarsInRaw(raw)
  if (blocks.length === 0) return inParts
  const rank = inText.length > 0 ? RANK_INLINE : RANK_RAW
  const found = await readCandidates(
    blocks.map((block) => rawCandidate(block, rank)),
    date,
  )
  return found.calendars.length > 0 ? found : { ...found, unreadable: [...inParts.unreadable, ...found.unreadable] }
}

function rawCandidate(bytes: Buffer, rank: number): Candidate {
  return { rank, depth: 0, where: 'raw', contentType: 'text/calendar', bytes }
}
