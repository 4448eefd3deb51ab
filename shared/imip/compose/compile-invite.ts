import { createHash } from 'node:crypto'
import { inviteCalendar } from '#shared/icalendar/write/invite-calendar.ts'
import type { CompiledInvite, InviteRecipient, InviteRevision } from '../invite-revision.ts'
import { base64LinesLength, writeBase64Lines } from './base64.ts'
import { type CalendarTemplate, calendarTemplate } from './calendar-template.ts'
import { headerText } from './header-text.ts'
import { type InviteBody, inviteBody } from './invite-body.ts'
import { type PersonalPart, personalPart } from './personal-part.ts'

/**
 * Makes a revision ready. `splice` then writes one mail: its own headers, a copy of the body, its own calendar lines encoded
 * once per VEVENT between prepared base64, and the attached copy of the calendar copied from the first.
 * Throws a CalendarFailure (nothing_to_write, unknown_zone) or `invite.bad_value`; `splice` throws `invite.bad_recipient`.
 */
export function compileInvite(revision: InviteRevision): CompiledInvite {
  const calendar = inviteCalendar(revision)
  const template = calendarTemplate(calendar)
  const body = inviteBody(revision, boundaryKey(revision), template.head)
  const personal = personalPart({
    organizerName: headerText(revision.organizerName, 'organizerName'),
    subject: revision.subject,
    uidLine: calendar.uidLine,
    dtstampMs: Date.parse(revision.dtstamp),
    hasSlots: body.hasSlots,
  })
  const prepared = { template, body, personal }
  return { splice: (recipient) => spliced(recipient, prepared) }
}

type Prepared = {
  readonly template: CalendarTemplate
  readonly body: InviteBody
  readonly personal: PersonalPart
}

function spliced(recipient: InviteRecipient, { template, body, personal }: Prepared): Buffer {
  const checked = personal.write(recipient)
  const { head, headEnd } = personal.scratch
  const parts = body.parts(checked)
  const calendarLength = calendarLengthOf(template, personal)
  let size = headEnd - template.head.length + body.between.length + 2 * calendarLength + body.end.length
  for (const part of parts) size += part.length
  const out = Buffer.allocUnsafe(size)
  head.copy(out, 0, 0, headEnd)
  let at = headEnd
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  const calendarAt = at - template.head.length
  at = writeCalendarTail(out, at, template, personal)
  out.set(body.between, at)
  at += body.between.length
  out.copyWithin(at, calendarAt, calendarAt + calendarLength)
  out.set(body.end, at + calendarLength)
  return out
}

/** Octets of the calendar in base64, line ends included. */
function calendarLengthOf(template: CalendarTemplate, { scratch: { regionAt, regionEnd } }: PersonalPart): number {
  let length = template.head.length
  let from = regionAt - template.headRest.length
  for (const phases of template.stretches) {
    const stretch = phases[missing(regionEnd - from)]
    length += base64LinesLength(regionEnd - from + stretch.borrowed.length) + stretch.lines.length
    from = regionAt - stretch.rest.length
  }
  return length
}

/** Region and stretch by turns. The region is the same in every VEVENT, but for the octets around it that make whole triples. */
function writeCalendarTail(out: Buffer, start: number, template: CalendarTemplate, { scratch }: PersonalPart): number {
  const { region, regionAt, regionEnd } = scratch
  let at = start
  let rest = template.headRest
  for (const phases of template.stretches) {
    const from = regionAt - rest.length
    for (let index = 0; index < rest.length; index += 1) region[from + index] = rest[index] ?? 0
    const { borrowed, lines, rest: nextRest } = phases[missing(regionEnd - from)]
    for (let index = 0; index < borrowed.length; index += 1) region[regionEnd + index] = borrowed[index] ?? 0
    at = writeBase64Lines(out, at, region, from, regionEnd + borrowed.length)
    out.set(lines, at)
    at += lines.length
    rest = nextRest
  }
  return at
}

/** Octets missing to a whole triple. */
function missing(octets: number): 0 | 1 | 2 {
  const over = octets % 3
  if (over === 0) return 0
  return over === 1 ? 2 : 1
}

function boundaryKey(revision: InviteRevision): string {
  const key = [revision.uid, revision.method, revision.sequence, revision.dtstamp].join('\n')
  return createHash('sha256').update(key).digest('hex').slice(0, 24)
}
