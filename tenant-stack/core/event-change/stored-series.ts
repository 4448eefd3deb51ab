import type { IncomingItip, StoredSeries } from '#shared/itip/decisions.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { findEvent, getContent } from '../calendar-event/event-store.ts'
import { findUidOwner, findUidOwnerWithEvent, getTombstone, type UidOwner } from '../calendar-event/uid-owners.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'

/** What a UID means here for one person: his own event, a tombstone, or somebody else's event. */
export type Known = {
  readonly stored: StoredSeries | undefined
  readonly calendarEvent: CalendarEvent | undefined
  /** What the UID stands for with this very person, as it was read. */
  readonly owner: UidOwner | undefined
}

/**
 * Finds what is stored for a mail's UID. The sender's own event comes first. Somebody else's counts only when the mail does not
 * name the sender as its organizer and was not forwarded: then it is a stranger's change to that event, never a new event.
 */
export async function knownOf(
  ctx: Ctx,
  incoming: IncomingItip,
  who: { readonly address: string; readonly isForwarded: boolean },
): Promise<Known> {
  const owner = await findUidOwner(ctx, { clientUid: incoming.uid, organizerAddress: who.address })
  if (owner !== undefined) return { ...(await load(ctx, owner)), owner }
  const namesSender = incoming.vevents.some(
    (vevent) => normalizeAddress(vevent.organizer?.address ?? '') === who.address,
  )
  const other = namesSender || who.isForwarded ? undefined : await findUidOwnerWithEvent(ctx, incoming.uid)
  return { ...(other === undefined ? nothingStored : await load(ctx, other)), owner }
}

const nothingStored = { stored: undefined, calendarEvent: undefined }

async function load(ctx: Ctx, owner: UidOwner): Promise<Omit<Known, 'owner'>> {
  if (owner.eventId === undefined) {
    if (owner.tombstoneBlobKey === undefined) return nothingStored
    return { stored: await getTombstone(ctx, owner.tombstoneBlobKey), calendarEvent: undefined }
  }
  const calendarEvent = await findEvent(ctx, owner.eventId)
  if (calendarEvent === undefined) return nothingStored
  const content = await getContent(ctx, calendarEvent.seriesBlobKey)
  return { stored: content.stored, calendarEvent }
}
