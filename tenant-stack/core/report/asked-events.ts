import { toInstantMs } from '#shared/icalendar/times.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { findEvent } from '../calendar-event/event-store.ts'
import { listEvents } from '../calendar-event/list-events.ts'
import type { Ctx } from '../context.ts'

const EVENT_ID = /evt_[0-9a-z]{26}(?![0-9a-z])/gi

/** A mail names a handful; more is a list of somebody's, and is not looked up. */
const IDS_MAX = 20

/** Events of one organizer that a subject is looked for in, the latest to start first; older ones are asked for by id. */
const EVENTS_LOOKED_AT = 2000
const EVENTS_A_PAGE = 100

/** What clients put before the subject of an answer or of a mail sent on, in the languages that they do it in, and what our own mails begin with. */
const PREFIX =
  /^\s*(?:(?:re|aw|antw|sv|vs|rv|res|rif|r|odp|ynt|ans|fw|fwd|wg|tr|enc|doorst|vb|vl|pd|回复|回覆|答复|转发|轉寄)(?:\[\d+\])?\s*[:：]|(?:created|report)\s*:)\s*/iu

const UNTITLED = 'untitled event'

/** What a mail to `reports@` says: where the ids of events may stand, the subject first. */
export type AskedBy = { readonly subject: string; readonly bodies: readonly string[] }

/**
 * The events of this organizer that a mail asks for: those whose ids its subject names, else its text (which an answer to a mail of ours quotes),
 * else those that have its subject. Those to come are first, the next one before all; then those that are over, the last one first. An event of
 * somebody else is like one that never was.
 */
export async function askedEvents(
  ctx: Ctx,
  organizerAddress: string,
  { subject, bodies }: AskedBy,
): Promise<readonly CalendarEvent[]> {
  const inSubject = idsIn([subject])
  const ids = inSubject.length > 0 ? inSubject : idsIn(bodies)
  const found =
    ids.length > 0
      ? await eventsById(ctx, organizerAddress, ids)
      : await eventsBySubject(ctx, organizerAddress, subject)
  return nextFirst(found, ctx.clock.now())
}

function idsIn(texts: readonly string[]): readonly string[] {
  const ids = texts.flatMap((text) => text.match(EVENT_ID) ?? [])
  return [...new Set(ids.map((id) => id.toLowerCase()))].slice(0, IDS_MAX)
}

async function eventsById(
  ctx: Ctx,
  organizerAddress: string,
  ids: readonly string[],
): Promise<readonly CalendarEvent[]> {
  const found = await Promise.all(ids.map((eventId) => findEvent(ctx, eventId)))
  return found.flatMap((one) => (one?.organizerAddress === organizerAddress ? [one] : []))
}

async function eventsBySubject(ctx: Ctx, organizerAddress: string, subject: string): Promise<readonly CalendarEvent[]> {
  const wanted = comparable(subject)
  if (wanted === '') return []
  const found: CalendarEvent[] = []
  let after: string | undefined
  for (let lookedAt = 0; lookedAt < EVENTS_LOOKED_AT; lookedAt += EVENTS_A_PAGE) {
    const page = await listEvents(ctx, { organizerAddress, sort: '-start', limit: EVENTS_A_PAGE, after })
    found.push(...page.events.filter((one) => (comparable(one.subject) || UNTITLED) === wanted))
    after = page.next
    if (after === undefined) break
  }
  return found
}

/** Without what was put before it, however its letters and spaces are written (Unicode compatibility form, UAX 15). */
function comparable(subject: string): string {
  let rest = subject
  for (let bare = rest.replace(PREFIX, ''); bare !== rest; bare = rest.replace(PREFIX, '')) rest = bare
  return rest
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replaceAll(/^["'“„«]+|["'”“»]+$/gu, '')
}

function nextFirst(events: readonly CalendarEvent[], now: number): readonly CalendarEvent[] {
  const startOf = ({ lastStartsAt, dtstart }: CalendarEvent) => lastStartsAt ?? toInstantMs(dtstart)
  const isOver = (one: CalendarEvent) => startOf(one) < now
  return events.toSorted((a, b) => {
    if (isOver(a) !== isOver(b)) return isOver(a) ? 1 : -1
    return isOver(a) ? startOf(b) - startOf(a) : startOf(a) - startOf(b)
  })
}
