import type { InviteRevision } from '../invite-revision.ts'
import type { CheckedRecipient } from './checked-recipient.ts'
import { quotedPrintable } from './quoted-printable.ts'
import { cutAtSlots, escapeHtml, type SlotName, slotValue } from './slots.ts'

/** What surrounds the calendars of an invite. */
export type InviteBody = {
  /** From Auto-Submitted to the first octets of the first calendar, with this attendee's values in the slots. */
  readonly parts: (checked: CheckedRecipient | undefined) => readonly Uint8Array[]
  /** Then `parts` wants the recipient; without slots the parts are the same for all. */
  readonly hasSlots: boolean
  /** From the end of the first calendar to the start of the second. */
  readonly between: Buffer
  readonly end: Buffer
}

/**
 * multipart/mixed ( multipart/alternative ( text/plain, text/html, text/calendar ), application/ics ). `=_` can occur neither in
 * quoted-printable nor in base64, so the boundaries cannot occur in the content. The calendar part has neither a disposition
 * nor a Content-ID, and its `method` is the body's METHOD (RFC 6047 §2.4).
 */
export function inviteBody(revision: InviteRevision, key: string, calendarHead: Buffer): InviteBody {
  const mixed = `=_m_${key}`
  const alternative = `=_a_${key}`
  const beforeText = `Auto-Submitted: auto-generated\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="${mixed}"\r
\r
--${mixed}\r
Content-Type: multipart/alternative; boundary="${alternative}"\r
\r
--${alternative}\r
${quotedPrintableHeaders('plain')}`
  const beforeHtml = `\r\n--${alternative}\r\n${quotedPrintableHeaders('html')}`
  const beforeCalendar = `\r\n--${alternative}\r
Content-Type: text/calendar; charset=utf-8; method=${revision.method}\r
Content-Transfer-Encoding: base64\r
\r
`
  const between = `--${alternative}--\r
\r
--${mixed}\r
Content-Type: application/ics; name="invite.ics"\r
Content-Disposition: attachment; filename="invite.ics"\r
Content-Transfer-Encoding: base64\r
\r
`
  const text = slotted(revision.text, (value) => value)
  const html = slotted(revision.html, escapeHtml)
  const pieces = joined([beforeText, ...text, beforeHtml, ...html, beforeCalendar])
  return {
    parts: filler(pieces, calendarHead),
    hasSlots: pieces.length > 1,
    between: Buffer.from(between, 'latin1'),
    end: Buffer.from(`--${mixed}--\r\n`, 'latin1'),
  }
}

function quotedPrintableHeaders(subtype: string): string {
  return `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`
}

/** Fixed text, or a slot with how its value is written. */
type Piece = string | { readonly slot: SlotName; readonly inPart: (value: string) => string }

/** Soft breaks on both sides give a slot lines of its own, whatever the length of its value. */
function slotted(text: string, inPart: (value: string) => string): Piece[] {
  const { texts, slots } = cutAtSlots(text)
  return texts.flatMap((each, index): Piece[] => {
    const slot = slots[index]
    if (slot === undefined) return [quotedPrintable(each)]
    return [`${quotedPrintable(each, true)}=\r\n`, { slot, inPart }, '=\r\n']
  })
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    const last = result.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece
    else result.push(piece)
  }
  return result
}

function filler(pieces: readonly Piece[], calendarHead: Buffer): InviteBody['parts'] {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece))
  const last = parts.pop()
  const tail = Buffer.concat([last === undefined || 'slot' in last ? Buffer.alloc(0) : last, calendarHead])
  const whole = [...parts, tail]
  const fixed = whole.flatMap((part) => ('slot' in part ? [] : [part]))
  return (checked) => (checked === undefined ? fixed : filledIn(whole, checked))
}

/** A link stands in a mail several times: it is encoded once, where it needs no escaping in either part. */
function filledIn(whole: readonly (Buffer | Exclude<Piece, string>)[], checked: CheckedRecipient): Uint8Array[] {
  const known = new Map<string, Buffer>()
  return whole.map((part) => {
    if (!('slot' in part)) return part
    const value = part.inPart(slotValue(part.slot, checked))
    const filled = known.get(value) ?? Buffer.from(quotedPrintable(value, true), 'latin1')
    known.set(value, filled)
    return filled
  })
}
