import type { Series } from '#shared/icalendar/model.ts'
import type { StoredSeries } from '#shared/itip/decisions.ts'
import type { Ctx } from '../context.ts'
import { CalendarEvent, CalendarEventFailure, EventRevision, eventKey, revisionKey } from './calendar-event.ts'

/** What an event says: what iTIP decides by, and the form of the series that every client accepts. */
export type StoredContent = { readonly stored: StoredSeries; readonly sendable: Series }

/** What `ctx.ids.newId('evt')` mints; ids come from UIDs in mail and from addresses of the API, and no key is made of anything else. */
const EVENT_ID = /^evt_[0-9a-z]{26}$/

export async function findEvent(ctx: Ctx, eventId: string): Promise<CalendarEvent | undefined> {
  if (!EVENT_ID.test(eventId)) return undefined
  const row = await ctx.table.get(eventKey(eventId))
  return row === undefined ? undefined : CalendarEvent.parse(row)
}

/** Also said of what is somebody else's. */
export const NO_SUCH_EVENT = 'There is no such event.'

/** Throws `event.not_found`. */
export async function getEvent(ctx: Ctx, eventId: string): Promise<CalendarEvent> {
  const found = await findEvent(ctx, eventId)
  if (found === undefined) throw CalendarEventFailure.not_found(NO_SUCH_EVENT)
  return found
}

export async function findRevision(ctx: Ctx, eventId: string, sequence: number): Promise<EventRevision | undefined> {
  const row = await ctx.table.get(revisionKey(eventId, sequence))
  return row === undefined ? undefined : EventRevision.parse(row)
}

/**
 * Stores content under its own hash and returns the key. Written before the row that names it: a crash leaves an orphan that
 * nothing points to, and a twin that decided otherwise cannot overwrite it.
 */
export async function putContent(ctx: Ctx, eventId: string, content: StoredContent): Promise<string> {
  const json = JSON.stringify(content)
  const seriesBlobKey = `events/${eventId}/${ctx.sha256(json)}.json`
  await ctx.blobs.put(seriesBlobKey, new TextEncoder().encode(json))
  return seriesBlobKey
}

export async function getContent(ctx: Ctx, seriesBlobKey: string): Promise<StoredContent> {
  const content: StoredContent = JSON.parse(new TextDecoder().decode(await ctx.blobs.get(seriesBlobKey)))
  return content
}
