import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import { findEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import type { Invitation } from '../invitation/invitation.ts'
import { findInvitation } from '../invitation/invitation-store.ts'
import { findPair, pairHashOf, type ReplyAddress } from './reply-address.ts'

const EVENT_CHARS = 26
const INVITATION_CHARS = 32
const PROOF_DIGITS = 32
const ID = /^[0-9a-z]{26}[0-9a-f]{64}$/

/** What an answer's link stands for. */
export type Answerable = { readonly calendarEvent: CalendarEvent; readonly invitation: Invitation }

type Names = { readonly eventId: string; readonly invitationId: string }

/**
 * Names an event and an invited attendee in links to answer by. It proves that it was mailed to him by his reply address's token, which it does
 * not tell: a link that a scanner or a proxy has logged answers this one event, and nothing between the two besides. It needs no row of its own.
 */
export function answerIdOf(ctx: Pick<Ctx, 'sha256'>, names: Names, replyAddress: ReplyAddress): string {
  const { eventId, invitationId } = names
  return `${eventId.slice(-EVENT_CHARS)}${invitationId.slice(-INVITATION_CHARS)}${proofOf(ctx, names, replyAddress)}`
}

/** Whose answer the link is for, and to what; undefined for one that we have not made. */
export async function findByAnswerId(ctx: Ctx, answerId: string): Promise<Answerable | undefined> {
  if (!ID.test(answerId)) return undefined
  const eventId = `evt_${answerId.slice(0, EVENT_CHARS)}`
  const invitationId = `inv_${answerId.slice(EVENT_CHARS, EVENT_CHARS + INVITATION_CHARS)}`
  const calendarEvent = await findEvent(ctx, eventId)
  const invitation = await findInvitation(ctx, eventId, invitationId)
  if (calendarEvent === undefined || invitation === undefined) return undefined
  const { organizerAddress } = calendarEvent
  const pair = await findPair(ctx, pairHashOf(ctx, { organizerAddress, attendeeAddress: invitation.address }))
  if (pair === undefined || answerIdOf(ctx, { eventId, invitationId }, pair) !== answerId) return undefined
  return { calendarEvent, invitation }
}

function proofOf(ctx: Pick<Ctx, 'sha256'>, { eventId, invitationId }: Names, { token }: ReplyAddress): string {
  return ctx.sha256(`answer\n${eventId}\n${invitationId}\n${token}`).slice(0, PROOF_DIGITS)
}
