import type { DisassembledMail } from '#shared/imip/disassembled-mail.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { referredEventId } from '#tenant-stack/core/calendar-event/notice-reference.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'

/** Why the event of a list cannot be told. */
export type NoEvent = 'list_no_event' | 'list_several_events' | 'list_not_organizer' | 'list_event_cancelled'

const EVENT_ID = /\bevt_[0-9a-z]{26}\b/gi
/** What clients put before the subject of an answer or a forwarded mail, and we before that of the created mail. */
const PREFIX = /^(?:re|aw|antw|sv|vs|ref|res|fw|fwd|wg|tr|rv|enc|i|created)\s*(?:\[\d+\])?\s*:\s*/i
/** Upcoming events of one person that are compared by their subjects; who has more names the event by its id. */
const PAGE = 100
const PAGES_MAX = 5

/**
 * The event that an organizer's mail with a list is about: the one whose id its subject names; else the one of our mail that it answers or forwards;
 * else the one whose id its text names; else the only one of his upcoming events that has its subject.
 */
export async function eventOfList(
  ctx: Ctx,
  mail: DisassembledMail,
  organizerAddress: string,
): Promise<{ readonly calendarEvent: CalendarEvent } | { readonly reason: NoEvent }> {
  const named = await namedEventId(ctx, mail)
  if (named === 'several') return { reason: 'list_several_events' }
  const found = named === undefined ? await bySubject(ctx, mail, organizerAddress) : await findEvent(ctx, named)
  if (found === 'several') return { reason: 'list_several_events' }
  if (found === undefined) return { reason: 'list_no_event' }
  if (found.organizerAddress !== organizerAddress) return { reason: 'list_not_organizer' }
  return found.status === 'cancelled' ? { reason: 'list_event_cancelled' } : { calendarEvent: found }
}

async function namedEventId(ctx: Ctx, mail: DisassembledMail): Promise<string | undefined> {
  const inSubject = idsIn(mail.subject)
  if (inSubject.length > 0) return onlyOf(inSubject)
  return (await referredEventId(ctx, mail.references ?? [])) ?? onlyOf(idsIn(mail.text ?? mail.html))
}

function idsIn(text = ''): readonly string[] {
  return [...new Set(Array.from(text.matchAll(EVENT_ID), ([id]) => id.toLowerCase()))]
}

function onlyOf([first, ...others]: readonly string[]): string | undefined {
  return others.length > 0 ? 'several' : first
}

async function bySubject(
  ctx: Ctx,
  mail: DisassembledMail,
  organizerAddress: string,
): Promise<CalendarEvent | 'several' | undefined> {
  const wanted = bareSubject(mail.subject ?? '')
  if (wanted === '') return undefined
  let found: CalendarEvent | undefined
  let after: string | undefined
  for (let pages = 0; pages < PAGES_MAX && (pages === 0 || after !== undefined); pages += 1) {
    const page = await listEvents(ctx, {
      organizerAddress,
      status: 'confirmed',
      time: 'future',
      limit: PAGE,
      after,
    })
    for (const calendarEvent of page.events.filter(({ subject }) => bareSubject(subject) === wanted)) {
      if (found !== undefined) return 'several'
      found = calendarEvent
    }
    after = page.next
  }
  return found
}

function bareSubject(subject: string): string {
  let bare = subject.trim()
  for (let next = bare.replace(PREFIX, ''); next !== bare; next = bare.replace(PREFIX, '')) bare = next
  return bare.replaceAll(/\s+/g, ' ').trim().toLowerCase()
}
