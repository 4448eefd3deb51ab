import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { CalendarEventFailure, eventKey } from '../calendar-event/calendar-event.ts'
import { getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { addDay, addTotals } from '../counters/counters.ts'
import { takePlace } from '../limits/take-quota.ts'
import { isOwnAddress, normalizeAddress } from '../mailbox/mailbox.ts'
import { refuseNotOrganizer, whyNotStored } from '../organizer/may-organize.ts'
import { publish } from '../publish.ts'
import { leftByCancelledLists, stillHeld } from '../recipient-list/left-people.ts'
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
 * Asked again for the same attendee it changes nothing and sends nothing, but finishes what a crash left behind; whom a cancelled list has left is
 * invited anew. Throws as `takePlace` when a limit is reached, as `refuseNotOrganizer`, and `invitation.undecided`.
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
  if (existing !== undefined && !(await isLeft(ctx, existing))) return { invitation: existing, isNew: false }
  if (calendarEvent.status === 'cancelled') throw CalendarEventFailure.cancelled('This event is cancelled.')
  refuseNotOrganizer(await whyNotStored(ctx, calendarEvent.organizerAddress))
  // Who was left has his place already.
  const place = existing === undefined ? await takePlace(ctx, calendarEvent) : undefined
  const fresh = newInvitation(ctx, { ...input, address })
  const invitation = existing === undefined ? fresh : withoutList(existing)
  const chunkId = `chk_${invitationId}-first`
  try {
    await transactThrough(ctx, [
      {
        kind: 'check',
        key: eventKey(input.eventId),
        when: { attribute: 'status', is: '=', value: 'confirmed' },
      },
      ...(existing === undefined ? added(ctx, fresh) : [takenOver(existing)]),
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
    await place?.giveBack(1)
    const twin = await findInvitation(ctx, input.eventId, invitationId)
    if (twin !== undefined) return { invitation: twin, isNew: false }
    const nowStored = await getEvent(ctx, input.eventId)
    if (nowStored.status === 'cancelled') throw CalendarEventFailure.cancelled('This event is cancelled.')
    throw error
  }
  await publish(ctx, 'invitation-requested', { chunkId })
  return { invitation, isNew: true }
}

/** Throws `invitation.undecided` while the list may yet have sent it. */
async function isLeft(ctx: Ctx, invitation: Invitation): Promise<boolean> {
  if ((await leftByCancelledLists(ctx, [invitation])).size === 0) return false
  if ((await stillHeld(ctx, [invitation])).size === 0) return true
  throw InvitationFailure.undecided(
    'A list that was cancelled may have sent this person the invite: ask again in some minutes.',
  )
}

function added(ctx: Ctx, invitation: Invitation): readonly WriteOperation[] {
  const { eventId, invitationId, channel } = invitation
  return [
    { kind: 'put', item: { ...invitationKey(eventId, invitationId), ...invitation }, when: { row: 'absent' } },
    addTotals(ctx, eventId, invitationId, { invited: 1, [`channel_${channel}`]: 1 }),
    addDay(ctx, eventId, ctx.clock.now(), invitationId, { invited: 1 }),
  ]
}

/** He is counted already. */
function takenOver({ eventId, invitationId, listId = '' }: Invitation): WriteOperation {
  return {
    kind: 'update',
    key: invitationKey(eventId, invitationId),
    remove: ['listId', 'listChunk'],
    when: {
      allOf: [
        { attribute: 'sentState', is: '=', value: 'planned' },
        { attribute: 'listId', is: '=', value: listId },
      ],
    },
  }
}

function withoutList(invitation: Invitation): Invitation {
  const { listId, listChunk, ...others } = invitation
  return listId === undefined && listChunk === undefined ? invitation : others
}
