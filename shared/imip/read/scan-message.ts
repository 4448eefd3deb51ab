import type { Buffer } from 'node:buffer'
import { decodeText } from './charset.ts'
import { joinFlowed } from './flowed-text.ts'
import { HTML_BYTES_MAX, INLINE_SEARCH_BYTES_MAX } from './limits.ts'
import { type Declined, isDeclined, type MailPart, type ReadMessage } from './mail-part.ts'
import { type Leaf, scanParts } from './scan-parts.ts'
import { decodedSize, decodeTransfer } from './transfer-encoding.ts'

/** Our own reading of a message, or why it is left to the fallback reader. Never throws; time is linear in the bytes. */
export function scanMessage(raw: Buffer): ReadMessage | Declined {
  const scanned = scanParts(raw)
  if (isDeclined(scanned)) return scanned
  const texts: string[] = []
  const htmls: Leaf[] = []
  for (const leaf of scanned.leaves) {
    if (!leaf.entity.isBody) continue
    if (leaf.entity.contentType === 'text/html') {
      htmls.push(leaf)
      continue
    }
    const decoded = bodyText(leaf)
    if (decoded === undefined) return { declined: 'charset_unknown' }
    if (decoded !== '') texts.push(decoded)
  }
  return {
    readBy: 'scanner',
    fields: scanned.fields,
    bodyStart: scanned.bodyStart,
    multiparts: scanned.multiparts,
    parts: scanned.leaves.map(partOf),
    ...(texts.length > 0 ? { text: texts.join('\n') } : {}),
    ...(htmls.length > 0 ? { html: () => joinedHtml(htmls) } : {}),
  }
}

/** A body whose charset nobody knows has been declined with its header. */
function joinedHtml(leaves: readonly Leaf[]): string {
  return leaves
    .map((leaf) => bodyText(leaf) ?? '')
    .filter((html) => html !== '')
    .join('<br/>\n')
}

/** The decoded text of a body leaf with LF line ends; undefined when its charset cannot be decoded. */
export function bodyText(leaf: Leaf): string | undefined {
  const { entity } = leaf
  const limit = entity.contentType === 'text/html' ? HTML_BYTES_MAX : INLINE_SEARCH_BYTES_MAX
  const bytes = wholeLetters(decodeTransfer(leaf.body, entity.encoding, limit), limit)
  const text = decodeText(bytes, entity.parameters.get('charset'))
  const unix = text?.includes('\r') ? text.replaceAll('\r\n', '\n') : text
  if (unix === undefined || entity.contentType !== 'text/plain') return unix
  // RFC 3676 is defined for text/plain alone; unfolding HTML would join tags apart.
  if (entity.parameters.get('format')?.toLowerCase() !== 'flowed') return unix
  return joinFlowed(unix, entity.parameters.get('delsp')?.toLowerCase() === 'yes')
}

/** A cut through a UTF-8 letter would make the whole body look like another charset. */
function wholeLetters(bytes: Buffer, limit: number): Buffer {
  if (bytes.length < limit) return bytes
  let end = bytes.length
  while (end > bytes.length - 3 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end--
  return ((bytes[end - 1] ?? 0) & 0xc0) === 0xc0 ? bytes.subarray(0, end - 1) : bytes
}

function partOf(leaf: Leaf): MailPart {
  const { entity, body } = leaf
  return {
    contentType: entity.contentType,
    parameters: entity.parameters,
    isBody: entity.isBody,
    isInAlternative: leaf.isInAlternative,
    content: (limitBytes) => decodeTransfer(body, entity.encoding, limitBytes),
    sizeBytes: () => decodedSize(body, entity.encoding),
    ...(entity.disposition === undefined ? {} : { disposition: entity.disposition }),
    ...(entity.filename === undefined ? {} : { filename: entity.filename }),
  }
}
