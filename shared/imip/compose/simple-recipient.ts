import type { Partstat } from '#shared/icalendar/model.ts'
import { foldLine, LINE_OCTETS_MAX } from '#shared/icalendar/write/fold.ts'
import { attendeeStart, organizerLine } from '#shared/icalendar/write/personal-lines.ts'
import type { InviteRecipient } from '../invite-revision.ts'
import {
  ATOM_DOTS,
  DOMAIN_NAME,
  DOT,
  DOT_OR_HYPHEN,
  isRunOf,
  MAILTO_DOTS,
  NAME,
  NO_JOINT,
  SPACE,
  TOKEN,
} from './ascii-classes.ts'
import { addressAfter } from './headers.ts'
import { SEND_ID_HEADER } from './invite-headers.ts'
import type { Scratch } from './scratch.ts'

/** Octets; longer names and addresses take the general way, which folds headers and escapes values. */
const SIMPLE_NAME_MAX = 59
const SIMPLE_ADDRESS_MAX = 64
const SIMPLE_TOKEN_MAX = 200

const DIGIT_NINE = 0x39
const CR = 0x0d
const LF = 0x0a
const BLANK = 0x20

const MESSAGE_ID_START = 'Message-ID: <'
const AFTER_DATE = `${SEND_ID_HEADER}: `
const CN_START = ';CN="'
const CN_END = '":mailto:'

/** The start of a content line, folded, and how many octets of its last line are taken. */
type LineStart = { readonly octets: Buffer; readonly column: number }

/** What the revision fixes of the personal part. */
export type PersonalFrame = {
  /** `From: "Ana Diaz"`. */
  readonly fromStart: string
  readonly subjectHeader: string
  readonly uidLine: string
  readonly organizerName: string
}

/**
 * Writes the personal part of a mail for what nearly every attendee is: an ASCII name, plain addresses, nothing to escape, encode
 * or refuse. All values go into the scratch in one step and are checked there. False for any other recipient: he takes the
 * general way, which gives the same octets for the simple ones too (a test says so).
 */
export function simpleWriter(
  frame: PersonalFrame,
  scratch: Scratch,
): (recipient: InviteRecipient, date: string) => boolean {
  const { head, region } = scratch
  const organizer = lineStart(organizerLine({ address: '', name: frame.organizerName }))
  const uid = Buffer.from(frame.uidLine, 'utf8')
  const middles = new Map<Partstat, LineStart>()
  const middleOf = (partstat: Partstat): LineStart => {
    const known = middles.get(partstat)
    if (known !== undefined) return known
    const start = lineStart(attendeeStart(partstat))
    const middle = { octets: Buffer.concat([uid, start.octets]), column: start.column }
    middles.set(partstat, middle)
    return middle
  }
  return ({ address, name = '', replyAddress, sendId, messageId, partstat }, date) => {
    if (name.length > SIMPLE_NAME_MAX || sendId.length > SIMPLE_TOKEN_MAX || messageId.length > SIMPLE_TOKEN_MAX)
      return false
    if (address.length > SIMPLE_ADDRESS_MAX || replyAddress.length > SIMPLE_ADDRESS_MAX) return false
    const from = frame.fromStart + addressAfter(frame.fromStart, replyAddress)
    const toStart = name === '' ? 'To: ' : `To: "${name}"`
    const to = toStart + addressAfter(toStart, address)
    const beforeId = `${from}\r\n${to}\r\n${frame.subjectHeader}${MESSAGE_ID_START}`
    const beforeSendId = `>\r\n${date}${AFTER_DATE}`
    const tail = name === '' ? `:mailto:${address}` : CN_START + name + CN_END + address
    const text = `${beforeId}${messageId}${beforeSendId}${sendId}\r\n${tail}`
    // UTF-8 is as long as the text only when all of it is ASCII.
    if (head.write(text, 0, 'utf8') !== text.length) return false
    const headEnd = text.length - tail.length
    const idAt = beforeId.length
    const sendIdAt = idAt + messageId.length + beforeSendId.length
    const nameAt = headEnd + CN_START.length
    const isSimple =
      isRunOf(TOKEN, NO_JOINT, head, sendIdAt, sendIdAt + sendId.length) &&
      isMessageId(head, idAt, messageId) &&
      isSimpleAddress(head, from.length - 1 - replyAddress.length, replyAddress) &&
      isSimpleAddress(head, text.length - address.length, address) &&
      (name === '' || isRunOf(NAME, SPACE, head, nameAt, nameAt + name.length))
    if (!isSimple) return false
    let end = scratch.regionAt
    region.set(organizer.octets, end)
    end = folded(
      region,
      end + organizer.octets.length,
      organizer.column,
      head,
      from.length - 1 - replyAddress.length,
      from.length - 1,
    )
    const middle = middleOf(partstat)
    region.set(middle.octets, end)
    scratch.headEnd = headEnd
    scratch.regionEnd = folded(region, end + middle.octets.length, middle.column, head, headEnd, text.length)
    return true
  }
}

function isMessageId(octets: Buffer, at: number, id: string): boolean {
  const sign = id.indexOf('@')
  return (
    isRunOf(ATOM_DOTS, NO_JOINT, octets, at, at + sign) &&
    isRunOf(ATOM_DOTS, NO_JOINT, octets, at + sign + 1, at + id.length)
  )
}

/** Nothing to quote, to percent-encode, or to turn into Punycode. */
function isSimpleAddress(octets: Buffer, at: number, address: string): boolean {
  const sign = address.indexOf('@')
  const lastDot = address.lastIndexOf('.')
  return (
    lastDot > sign &&
    address.charCodeAt(lastDot + 1) > DIGIT_NINE &&
    isRunOf(MAILTO_DOTS, DOT, octets, at, at + sign) &&
    isRunOf(DOMAIN_NAME, DOT_OR_HYPHEN, octets, at + sign + 1, at + address.length)
  )
}

function lineStart(line: string): LineStart {
  const octets = Buffer.from(foldLine(line).slice(0, -2), 'utf8')
  return { octets, column: octets.length - (octets.lastIndexOf(LF) + 1) }
}

/** ASCII octets continued on a line with `column` octets taken, folded, with CRLF; returns where they end. */
function folded(out: Buffer, at: number, column: number, octets: Buffer, from: number, to: number): number {
  let position = at
  let room = LINE_OCTETS_MAX - column
  for (let index = from; index < to; ) {
    const lineEnd = Math.min(index + room, to)
    for (; index < lineEnd; index += 1) {
      out[position] = octets[index] ?? 0
      position += 1
    }
    out[position] = CR
    out[position + 1] = LF
    position += 2
    if (index < to) {
      out[position] = BLANK
      position += 1
      room = LINE_OCTETS_MAX - 1
    }
  }
  return position
}
