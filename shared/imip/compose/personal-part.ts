import { foldLine } from '#shared/icalendar/write/fold.ts'
import { attendeeLine, organizerLine } from '#shared/icalendar/write/personal-lines.ts'
import type { InviteRecipient } from '../invite-revision.ts'
import { type CheckedRecipient, checkedRecipient } from './checked-recipient.ts'
import { displayName, textHeader } from './headers.ts'
import { inviteHeaders } from './invite-headers.ts'
import { mailDate } from './mail-date.ts'
import { newScratch, type Scratch, writeWhole } from './scratch.ts'
import { simpleWriter } from './simple-recipient.ts'
import { cutAtSlots, type SlottedText, slotValue } from './slots.ts'

/** Puts together what is an attendee's own: header fields, and ORGANIZER, UID, ATTENDEE. */
export type PersonalPart = {
  readonly scratch: Scratch
  /** Fills the scratch. The checked recipient, for slots and links; undefined when there are none to fill. */
  readonly write: (recipient: InviteRecipient) => CheckedRecipient | undefined
}

export function personalPart(revision: {
  readonly organizerName: string
  readonly subject: string
  readonly uidLine: string
  readonly dtstampMs: number
  /** The body has slots: a recipient is always checked in full. */
  readonly hasSlots: boolean
}): PersonalPart {
  const { organizerName, uidLine, dtstampMs } = revision
  const subject = cutAtSlots(revision.subject)
  const fromStart = `From: ${displayName(organizerName, 6)}`
  const frame = { fromStart, subjectHeader: textHeader('Subject', subject.texts.join('')), uidLine, organizerName }
  const scratch = newScratch(Buffer.byteLength(organizerName) * 2 + Buffer.byteLength(uidLine))
  const writeSimple = simpleWriter(frame, scratch)
  const takesSimple = subject.slots.length === 0 && !revision.hasSlots
  const dateOf = rememberedDate()
  return {
    scratch,
    write: (recipient) => {
      const date = dateOf(recipient.date ?? dtstampMs)
      if (takesSimple && recipient.links === undefined && writeSimple(recipient, date)) return undefined
      const checked = checkedRecipient(recipient)
      const subjectHeader = subject.slots.length === 0 ? frame.subjectHeader : personalSubject(subject, checked)
      const head = inviteHeaders({ fromStart, subjectHeader }, checked, date)
      const organizer = foldLine(organizerLine({ address: checked.replyAddress, name: organizerName }))
      const attendee = foldLine(attendeeLine({ ...checked, partstat: recipient.partstat }))
      const { region, regionAt } = scratch
      scratch.headEnd = writeWhole(scratch.head, head, 0, scratch.head.length)
      scratch.regionEnd = writeWhole(region, organizer + uidLine + attendee, regionAt, region.length - 2 * regionAt)
      return checked
    },
  }
}

function personalSubject({ texts, slots }: SlottedText, recipient: CheckedRecipient): string {
  const values = slots.map((slot) => slotValue(slot, recipient))
  return textHeader('Subject', texts.map((text, index) => text + (values[index] ?? '')).join(''))
}

/** Many mails are written within one second. */
function rememberedDate(): (dateMs: number) => string {
  let second = Number.NaN
  let header = ''
  return (dateMs) => {
    if (Math.floor(dateMs / 1000) !== second) {
      second = Math.floor(dateMs / 1000)
      header = `Date: ${mailDate(dateMs)}\r\n`
    }
    return header
  }
}
