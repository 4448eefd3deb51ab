import { createHash } from 'node:crypto'
import type { UnhashedVevent } from '../content-hash.ts'
import type { CalendarAddress, CalendarTime, UnreadableReason } from '../model.ts'
import { recurrenceKeyOf } from '../times.ts'
import { type CalendarContext, describesNoEvent } from './calendar-context.ts'
import type { RawComponent } from './components.ts'
import {
  ATTENDEES_KEPT,
  COMMENT_CHARS_MAX,
  LOCATION_CHARS_MAX,
  REQUEST_STATUS_CHARS_MAX,
  SUMMARY_CHARS_MAX,
  TOKEN_CHARS_MAX,
  UID_CHARS_MAX,
  URL_CHARS_MAX,
} from './limits.ts'
import { firstLine, readProperty } from './property.ts'
import { readAddress } from './read-address.ts'
import { readDescription } from './read-description.ts'
import { readRecurrence } from './read-recurrence.ts'
import { readRevision } from './read-revision.ts'
import { readSpan } from './read-span.ts'
import { readSingleLine, readText } from './read-text.ts'
import { readTime } from './read-time.ts'

export type ReadVevent =
  | { readonly kind: 'vevent'; readonly vevent: UnhashedVevent }
  | { readonly kind: 'unreadable'; readonly uid: string; readonly reason: UnreadableReason; readonly detail: string }

/** A VEVENT component to the model, without its contentHash: its recurrenceKey may still be aligned to a master. */
export function readVevent(component: RawComponent, ctx: CalendarContext): ReadVevent {
  const uid = readUid(component, ctx)
  const revision = readRevision(component, ctx)
  const instance = readInstance(component, ctx)
  if (instance.kind === 'unreadable') return { ...instance, uid }
  const start = readStart(component, instance.recurrenceId ?? { kind: 'utc', instant: revision.dtstamp }, ctx)
  if (start.kind === 'unreadable') return { ...start, uid }
  const span = readSpan(component, start.dtstart, ctx)
  const repeats = instance.recurrenceId === undefined && !describesNoEvent(ctx.method)
  const { recurrence, refusal } = repeats ? readRecurrence(component, span.dtstart, ctx) : {}
  if (refusal !== undefined) return unreadable(uid, 'recurrence_over_budget', refusal)
  const location = text(component, 'LOCATION', LOCATION_CHARS_MAX, ctx)
  const url = readUrl(component, ctx)
  const comment = text(component, 'COMMENT', COMMENT_CHARS_MAX, ctx)
  const requestStatus = text(component, 'REQUEST-STATUS', REQUEST_STATUS_CHARS_MAX, ctx)
  const vevent: UnhashedVevent = {
    uid,
    ...(instance.recurrenceId !== undefined && {
      recurrenceId: instance.recurrenceId,
      recurrenceKey: recurrenceKeyOf(instance.recurrenceId),
    }),
    ...(instance.isThisAndFuture && { isThisAndFuture: true as const }),
    ...revision,
    ...span,
    summary: readSummary(component, ctx),
    ...(location !== undefined && { location }),
    ...readDescription(component, ctx),
    ...(url !== undefined && { url }),
    status: readStatus(component, ctx),
    transp: text(component, 'TRANSP', TOKEN_CHARS_MAX, ctx)?.toUpperCase() === 'TRANSPARENT' ? 'TRANSPARENT' : 'OPAQUE',
    ...readPeople(component, ctx),
    ...(recurrence !== undefined && { recurrence }),
    ...(comment !== undefined && { comment }),
    ...(requestStatus !== undefined && { requestStatus }),
  }
  warnOfDropped(component, ctx)
  return { kind: 'vevent', vevent }
}

type Instance =
  | { readonly kind: 'instance'; readonly recurrenceId: CalendarTime | undefined; readonly isThisAndFuture: boolean }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason; readonly detail: string }

function readInstance(component: RawComponent, ctx: CalendarContext): Instance {
  const line = firstLine(component, 'RECURRENCE-ID', () => ctx.warn('repeated_property'))
  if (line === undefined) return { kind: 'instance', recurrenceId: undefined, isThisAndFuture: false }
  const property = readProperty(line)
  const read = readTime(property, ctx)
  const isThisAndFuture = property.params.get('RANGE')?.[0]?.toUpperCase() === 'THISANDFUTURE'
  if (read.kind === 'time') return { kind: 'instance', recurrenceId: read.time, isThisAndFuture }
  if (read.kind === 'bad')
    return { kind: 'unreadable', reason: 'calendar_error', detail: `RECURRENCE-ID ${property.value.slice(0, 100)}` }
  return { kind: 'unreadable', reason: 'unknown_zone', detail: read.tzid.slice(0, 200) }
}

type Start =
  | { readonly kind: 'start'; readonly dtstart: CalendarTime }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason; readonly detail: string }

/** RFC 5546 §3.2 lets an answer and a cancel go without DTSTART; `fallback` then stands in its place. */
function readStart(component: RawComponent, fallback: CalendarTime, ctx: CalendarContext): Start {
  const line = firstLine(component, 'DTSTART', () => ctx.warn('repeated_property'))
  const read = line === undefined ? undefined : readTime(readProperty(line), ctx)
  if (read?.kind === 'time') return { kind: 'start', dtstart: read.time }
  if (describesNoEvent(ctx.method) || ctx.method === 'CANCEL') {
    if (read !== undefined) ctx.warn('bad_property')
    return { kind: 'start', dtstart: fallback }
  }
  if (read?.kind === 'unknown_zone')
    return { kind: 'unreadable', reason: 'unknown_zone', detail: read.tzid.slice(0, 200) }
  return { kind: 'unreadable', reason: 'no_start', detail: line === undefined ? 'no DTSTART' : line.text.slice(0, 200) }
}

/** A VEVENT without UID gets one from its content, so that the same mail twice is still one event. */
function readUid(component: RawComponent, ctx: CalendarContext): string {
  const uid = text(component, 'UID', UID_CHARS_MAX, ctx)
  if (uid !== undefined) return uid
  ctx.warn('bad_property')
  const lines = component.lines.filter(({ name }) => ['DTSTART', 'SUMMARY', 'ORGANIZER'].includes(name))
  const hash = createHash('sha256')
    .update(
      lines
        .map((line) => line.text)
        .toSorted()
        .join('\n'),
    )
    .digest('hex')
  return `without-uid-${hash.slice(0, 32)}`
}

function readSummary(component: RawComponent, ctx: CalendarContext): string {
  const line = firstLine(component, 'SUMMARY', () => ctx.warn('repeated_property'))
  if (line === undefined) return ''
  const { text: summary, isCut } = readSingleLine(readProperty(line).value, SUMMARY_CHARS_MAX)
  if (isCut) ctx.warn('text_truncated')
  return summary
}

function readStatus(component: RawComponent, ctx: CalendarContext): UnhashedVevent['status'] {
  const status = text(component, 'STATUS', TOKEN_CHARS_MAX, ctx)?.toUpperCase()
  if (status === 'TENTATIVE') return 'TENTATIVE'
  return status === 'CANCELLED' || status === 'CANCELED' ? 'CANCELLED' : 'CONFIRMED'
}

/** Only what a browser opens safely; `javascript:` and the like are dropped. */
function readUrl(component: RawComponent, ctx: CalendarContext): string | undefined {
  const url = text(component, 'URL', URL_CHARS_MAX, ctx)
  return url !== undefined && /^https?:\/\/[^\s<>"]+$/i.test(url) ? url : undefined
}

function readPeople(
  component: RawComponent,
  ctx: CalendarContext,
): Pick<UnhashedVevent, 'organizer' | 'attendees' | 'attendeeCount'> {
  const organizer = firstLine(component, 'ORGANIZER', () => ctx.warn('repeated_property'))
  const attendees: CalendarAddress[] = []
  let attendeeCount = 0
  for (const line of component.lines) {
    if (line.name !== 'ATTENDEE') continue
    attendeeCount += 1
    if (attendees.length < ATTENDEES_KEPT) attendees.push(readAddress(line))
  }
  if (attendeeCount > attendees.length) ctx.warn('attendees_capped')
  return { ...(organizer !== undefined && { organizer: readAddress(organizer) }), attendees, attendeeCount }
}

/** What the organizer should know was not taken over (cases 27, 29, 55). */
function warnOfDropped(component: RawComponent, ctx: CalendarContext): void {
  if (firstLine(component, 'ATTACH') !== undefined) ctx.warn('attachment_dropped')
  const klass = text(component, 'CLASS', TOKEN_CHARS_MAX, ctx)?.toUpperCase()
  if (klass === 'PRIVATE' || klass === 'CONFIDENTIAL') ctx.warn('private_class')
}

/** The first property of that name as plain text; undefined when absent or empty. */
function text(component: RawComponent, name: string, charsMax: number, ctx: CalendarContext): string | undefined {
  const line = firstLine(component, name, isRepeatable(name) ? undefined : () => ctx.warn('repeated_property'))
  if (line === undefined) return undefined
  const read = readText(readProperty(line).value, charsMax)
  if (read.isCut) ctx.warn('text_truncated')
  return read.text === '' ? undefined : read.text
}

/** RFC 5545 §3.6.1: these may occur more than once. */
function isRepeatable(name: string): boolean {
  return name === 'COMMENT' || name === 'REQUEST-STATUS'
}

function unreadable(uid: string, reason: UnreadableReason, detail: string): ReadVevent {
  return { kind: 'unreadable', uid, reason, detail }
}
