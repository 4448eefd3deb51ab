import { isFailure } from '#shared/errors/failure.ts'
import { CalendarEventFailure, eventKey } from '../calendar-event/calendar-event.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { addDay, addTotals } from '../counters/counters.ts'
import { takePlace } from '../limits/take-quota.ts'
import { isOwnAddress, normalizeAddress } from '../mailbox/mailbox.ts'
import { publish } from '../publish.ts'
import { planChunkOperation } from '../send-ledger/chunk.ts'
import { transactThrough } from '../transact-through.ts'
import { parseAttendeeAddress } from './attendee-address.ts'
import { type Invitation, InvitationFailure, invitationIdOf, invitationKey, newInvitation } from './invitation.ts'
import { findInvitation } from './invitation-store.ts'

export type InviteAttendeeInput = {
  readonly eventId: string
  readonly address: string
  readonly name?: string | undefined
  readonly channel: Invitation['channel']
}

/**
 * Invites one attendee: the invitation and its chunk of one are written together, then the chunk's notice is published.
 * Asked again for the same attendee it changes nothing and sends nothing, but finishes what a crash left behind. Throws as `takePlace` when a
 * limit is reached.
 */
export async function inviteAttendee(
  ctx: Ctx,
  input: InviteAttendeeInput,
): Promise<{ readonly invitation: Invitation; readonly isNew: boolean }> {
  const calendarEvent = await getEvent(ctx, input.eventId)
  const address = parseAttendeeAddress(input.address)
  if (isOwnAddress(ctx.settings, address))
    throw InvitationFailure.own_domain(`Addresses of ${ctx.settings.domainName} itself cannot be invited.`)
  const invitationId = invitationIdOf(ctx, input.eventId, normalizeAddress(address))
  const existing = await findInvitation(ctx, input.eventId, invitationId)
  if (existing !== undefined) return { invitation: existing, isNew: false }
  if (calendarEvent.status === 'cancelled') throw CalendarEventFailure.cancelled('This event is cancelled.')
  const place = await takePlace(ctx, input)
  const now = ctx.clock.now()
  const invitation = newInvitation(ctx, { ...input, address })
  const chunkId = `chk_${invitationId}-first`
  try {
    await transactThrough(ctx, [
      {
        kind: 'check',
        key: eventKey(input.eventId),
        when: { attribute: 'status', is: '=', value: 'confirmed' },
      },
      {
        kind: 'put',
        item: { ...invitationKey(input.eventId, invitationId), ...invitation },
        when: { row: 'absent' },
      },
      addTotals(ctx, input.eventId, invitationId, { invited: 1, [`channel_${input.channel}`]: 1 }),
      addDay(ctx, input.eventId, now, invitationId, { invited: 1 }),
      planChunkOperation(ctx, {
        chunkId,
        eventId: input.eventId,
        kind: 'invite',
        sequence: calendarEvent.sequence,
        invitationIds: [invitationId],
        topicName: 'invitation-requested',
      }),
    ])
  } catch (error) {
    // Of anything else nobody knows whether it was written: then the place is kept.
    if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
    await place.giveBack(1)
    const twin = await findInvitation(ctx, input.eventId, invitationId)
    if (twin !== undefined) return { invitation: twin, isNew: false }
    const nowStored = await getEvent(ctx, input.eventId)
    if (nowStored.status === 'cancelled') throw CalendarEventFailure.cancelled('This event is cancelled.')
    throw error
  }
  await publish(ctx, 'invitation-requested', { chunkId })
  return { invitation, isNew: true }
}
