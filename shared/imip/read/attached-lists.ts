import { Buffer } from 'node:buffer'
import type { AttachedList } from '#shared/imip/disassembled-mail.ts'
import { charsetLabel, decodeText } from './charset.ts'
import { ATTACHED_LIST_BYTES_MAX, ATTACHED_LISTS_BYTES_MAX, ATTACHED_LISTS_MAX } from './limits.ts'
import { isDeclined, type MailPart } from './mail-part.ts'
import { readByMailparser } from './mailparser-door.ts'
import { scanMessage } from './scan-message.ts'
import { plainName } from './walk-parts.ts'

const TABLE_TYPES: ReadonlySet<string> = new Set([
  'text/csv',
  'text/x-csv',
  'text/comma-separated-values',
  'text/tab-separated-values',
  'application/csv',
  'application/x-csv',
])
/** What a client says that knows no better: Windows with Excel calls every `.csv` a spreadsheet. */
const TABLE_NAME = /\.(?:csv|tsv)$/i
const TEXT_NAME = /\.txt$/i
const TEXT_TYPES: ReadonlySet<string> = new Set(['text/plain', 'application/octet-stream'])
/** A list's own reader tells these apart by their bytes, which say more than a mail's header. */
const TOLD_BY_BYTES: ReadonlySet<string> = new Set(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])

/**
 * The lists of people that a mail brings: its text and CSV files, in their order, with the mail's own encoding undone. Files of mails inside it are
 * not looked at. Never throws for what a mail holds; a mail that nobody can read has none.
 */
export async function attachedLists(raw: Uint8Array): Promise<readonly AttachedList[]> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const scanned = scanMessage(bytes)
  const read = isDeclined(scanned) ? await readByMailparser(bytes) : scanned
  if ('unread' in read) return []
  let room = ATTACHED_LISTS_BYTES_MAX
  return read.parts
    .filter(isList)
    .slice(0, ATTACHED_LISTS_MAX)
    .map((part) => {
      const list = listOf(part, Math.min(room, ATTACHED_LIST_BYTES_MAX))
      room -= list.base64 === undefined ? 0 : list.sizeBytes
      return list
    })
}

/** Apple Mail shows text files in the mail: one with a name is a file all the same. */
function isList(part: MailPart): boolean {
  const { contentType, filename = '', disposition } = part
  const isFile = filename !== '' || disposition === 'attachment'
  if (!isFile) return TABLE_TYPES.has(contentType)
  if (/^(?:image|audio|video|message)\//.test(contentType)) return false
  if (TABLE_TYPES.has(contentType) || TABLE_NAME.test(filename)) return true
  if (!TEXT_TYPES.has(contentType)) return false
  return TEXT_NAME.test(filename) || (contentType === 'text/plain' && !/\.[a-z0-9]{1,5}$/i.test(filename))
}

function listOf(part: MailPart, bytesMax: number): AttachedList {
  const name = part.filename === undefined ? {} : { fileName: plainName(part.filename) }
  const content = part.content(bytesMax + 1)
  if (content.length > bytesMax) return { ...name, sizeBytes: part.sizeBytes() }
  const bytes = inUtf8(content, part.parameters.get('charset'))
  return { ...name, sizeBytes: bytes.length, base64: bytes.toString('base64') }
}

function inUtf8(bytes: Buffer, declared: string | undefined): Buffer {
  const label = declared === undefined ? undefined : charsetLabel(declared)
  if (label === undefined || TOLD_BY_BYTES.has(label)) return bytes
  const text = decodeText(bytes, label)
  return text === undefined ? bytes : Buffer.from(text, 'utf8')
}
