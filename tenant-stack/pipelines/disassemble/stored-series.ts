import type { IncomingItip, StoredSeries } from '#shared/itip/decisions.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent, getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listUidOwners, type UidOwner } from '#tenant-stack/core/calendar-event/uid-owners.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'

/** What a UID means here for one person: his own event, a tombstone, or somebody else's event. */
export type Known = { readonly stored: StoredSeries | undefined; readonly calendarEvent: CalendarEvent | undefined }

/**
 * Finds what is stored for a mail's UID. The sender's own event comes first. Somebody else's counts only when the mail does not
 * name the sender as its organizer and was not forwarded: then it is a stranger's change to that event, never a new event.
 */
export async function knownOf(
  ctx: Ctx,
  incoming: IncomingItip,
  who: { readonly address: string; readonly isForwarded: boolean },
): Promise<Known> {
  const owners = await listUidOwners(ctx, incoming.uid)
  const own = owners.find((owner) => owner.organizerAddress === who.address)
  if (own !== undefined) return load(ctx, own)
  const namesSender = incoming.vevents.some(
    (vevent) => normalizeAddress(vevent.organizer?.address ?? '') === who.address,
  )
  const other = owners.find((owner) => owner.eventId !== undefined)
  if (other === undefined || namesSender || who.isForwarded) return { stored: undefined, calendarEvent: undefined }
  return load(ctx, other)
}

async function load(ctx: Ctx, owner: UidOwner): Promise<Known> {
  if (owner.eventId === undefined) {
    if (owner.tombstoneJson === undefined) return { stored: undefined, calendarEvent: undefined }
    const tombstone: StoredSeries = JSON.parse(owner.tombstoneJson)
    return { stored: tombstone, calendarEvent: undefined }
  }
  const calendarEvent = await findEvent(ctx, owner.eventId)
  if (calendarEvent === undefined) return { stored: undefined, calendarEvent: undefined }
  const content = await getContent(ctx, calendarEvent.seriesBlobKey)
  return { stored: content.stored, calendarEvent }
}
