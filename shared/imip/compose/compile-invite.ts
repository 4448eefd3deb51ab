import { createHash } from 'node:crypto'
import { inviteCalendar } from '#shared/icalendar/write/invite-calendar.ts'
import type { CompiledInvite, InviteRecipient, InviteRevision } from '../invite-revision.ts'
import { base64LinesLength, writeBase64Lines } from './base64.ts'
import { calendarTemplate } from './calendar-template.ts'
import { checkedRecipient } from './checked-recipient.ts'
import { headerText } from './header-text.ts'
import { inviteBody } from './invite-body.ts'
import { inviteHeaders } from './invite-headers.ts'
import { regionWriter } from './personal-region.ts'

/** Where a region starts in the scratch; before it there is room for the octets left over from the stretch before. */
const REGION_AT = 4

/**
 * Makes a revision ready. `splice` then writes one mail: its own headers, a copy of the body, its own calendar lines encoded
 * once per VEVENT between prepared base64, and the attached copy of the calendar copied from the first.
 * Throws a CalendarFailure (nothing_to_write, unknown_zone) or `invite.bad_value`; `splice` throws `invite.bad_recipient`.
 */
export function compileInvite(revision: InviteRevision): CompiledInvite {
  const organizerName = headerText(revision.organizerName, 'organizerName')
  const calendar = inviteCalendar(revision)
  const template = calendarTemplate(calendar)
  const region = regionWriter(organizerName, calendar.uidLine)
  const headers = inviteHeaders(organizerName, revision.subject)
  const body = inviteBody(revision, boundaryKey(revision), template.head)
  const scratch = Buffer.allocUnsafe(REGION_AT + region.octetsMax + REGION_AT)
  return {
    splice: (recipient) =>
      spliced(recipient, Date.parse(revision.dtstamp), { template, region, headers, body, scratch }),
  }
}

type Prepared = {
  readonly template: ReturnType<typeof calendarTemplate>
  readonly region: ReturnType<typeof regionWriter>
  readonly headers: ReturnType<typeof inviteHeaders>
  readonly body: ReturnType<typeof inviteBody>
  readonly scratch: Buffer
}

function spliced(recipient: InviteRecipient, revisionMs: number, prepared: Prepared): Buffer {
  const { template, region, headers, body, scratch } = prepared
  const checked = checkedRecipient(recipient)
  const regionEnd = region.write(scratch, REGION_AT, checked, recipient.partstat)
  const head = headers(recipient.sendId, checked, recipient.date ?? revisionMs)
  const parts = body.personal(checked)
  // First pass: how long the calendar is. The regions differ only in the octets around them.
  let from = REGION_AT - template.headRest.length
  let calendarLength = template.head.length
  for (const phases of template.stretches) {
    const stretch = phases[borrow(regionEnd - from)]
    calendarLength += base64LinesLength(regionEnd - from + stretch.borrowed.length) + stretch.lines.length
    from = REGION_AT - stretch.rest.length
  }
  const bodyStart = head.length
  let size = bodyStart + calendarLength - template.head.length + body.between.length + calendarLength + body.end.length
  for (const part of parts) size += part.length
  const out = Buffer.allocUnsafe(size)
  out.write(head, 0, 'latin1')
  let at = bodyStart
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  const calendarAt = at - template.head.length
  let rest = template.headRest
  for (const phases of template.stretches) {
    const start = REGION_AT - rest.length
    for (let index = 0; index < rest.length; index += 1) scratch[start + index] = rest[index] ?? 0
    const stretch = phases[borrow(regionEnd - start)]
    const { borrowed } = stretch
    for (let index = 0; index < borrowed.length; index += 1) scratch[regionEnd + index] = borrowed[index] ?? 0
    at = writeBase64Lines(out, at, scratch, start, regionEnd + borrowed.length)
    out.set(stretch.lines, at)
    at += stretch.lines.length
    rest = stretch.rest
  }
  out.set(body.between, at)
  at += body.between.length
  out.copyWithin(at, calendarAt, calendarAt + calendarLength)
  at += calendarLength
  out.set(body.end, at)
  return out
}

/** Octets missing to a whole triple. */
function borrow(octets: number): 0 | 1 | 2 {
  const over = octets % 3
  if (over === 0) return 0
  return over === 1 ? 2 : 1
}

function boundaryKey(revision: InviteRevision): string {
  const key = [revision.uid, revision.method, revision.sequence, revision.dtstamp].join('\n')
  return createHash('sha256').update(key).digest('hex').slice(0, 24)
}
