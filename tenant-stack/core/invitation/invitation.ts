import * as z from 'zod'
import { DELIVERY_STATES } from '#shared/contracts/delivery-states.ts'
import { defineFailures } from '#shared/errors/failure.ts'
import type { Condition } from '#shared/platform/table.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import { normalizeAddress } from '../mailbox/mailbox.ts'

export const Partstat = z.enum(['NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE', 'DELEGATED'])

const AnswerRow = z.object({ partstat: Partstat, sequence: z.number(), dtstamp: z.string() })

/** The mail of his own that brings his calendar to the present state: it was planned when the event was at `sequence`. */
const CatchUp = z.object({ chunkId: z.string(), sequence: z.number() })
export type CatchUp = z.infer<typeof CatchUp>

/** One event × one attendee. */
export const Invitation = z.object({
  invitationId: z.string(),
  eventId: z.string(),
  address: z.string(),
  name: z.string().optional(),
  channel: z.enum(['api', 'page', 'list']),
  createdAt: z.number(),
  /** The last counting answer; it stands only while `answerSequence` is not below the event's last reset. */
  partstat: Partstat,
  answerSequence: z.number(),
  answerDtstamp: z.string(),
  answeredAt: z.number().optional(),
  answeredBy: z.string().optional(),
  /** Has ever said Y, N or M: stays true when a new time resets the answers, for the audience `responded`. */
  hasResponded: z.boolean(),
  /** Rises with every recorded reply: what concurrent replies collide on. */
  answerVersion: z.number(),
  /** Answers to single instances, by recurrence key. */
  instanceAnswers: z.record(z.string(), AnswerRow),
  replyClient: z.string().optional(),
  /** Words of the answer that counts. */
  comment: z.string().optional(),
  /** When he was last sent a copy because he asked, and how often on that UTC day (counted from 1970). */
  refreshed: z.object({ at: z.number(), day: z.number(), count: z.number() }).optional(),
  /** SEQUENCE of a revision that he hears of whatever the audience is: it is his own proposal. */
  hearsOf: z.number().optional(),
  /** Whom he sends in his place; nobody of ours. */
  delegatedTo: z.array(z.string()).optional(),
  sentState: z.enum(['planned', 'sent', 'failed', 'suppressed']),
  /** Everything up to this SEQUENCE was handed over; -1 before the first. A called-off date sent out of its turn does not raise it. */
  completeSequence: z.number().default(-1),
  /** While it is planned, fan-outs of no newer revision, and other catch-ups, leave him to it: both would send. See `reservedFor`. */
  catchUp: CatchUp.optional(),
  lastSentAt: z.number().optional(),
  /** What was told last of a mail to him. */
  deliveryState: z.enum(DELIVERY_STATES).optional(),
  deliveryAt: z.number().optional(),
  /** The list that he came with, and its chunk that holds him. */
  listId: z.string().optional(),
  listChunk: z.number().optional(),
  /** Who it was is erased: the row counts, and nothing is sent by it any more. */
  erasedAt: z.number().optional(),
})
export type Invitation = z.infer<typeof Invitation>

export const InvitationFailure = defineFailures('invitation', {
  not_found: { status: 404, retry: false },
  bad_address: { status: 422, retry: false },
  own_domain: { status: 422, retry: false },
  /** A list that was cancelled may have sent him the invite already. */
  undecided: { status: 409, retry: true },
})

/**
 * What leaves an attendee to one catch-up. Others that come to him end without a mail if it mails him, so it may pass from one to another only when
 * the other one cannot have come to him yet: with the transaction that plans that, or where this one is for an older SEQUENCE (`isOlderCatchUp`).
 */
export function reservedFor(catchUp: CatchUp) {
  // The SEQUENCE by itself too: conditions see no nested attributes.
  return { catchUp, catchUpSequence: catchUp.sequence }
}

/** Holds while an attendee is left to no catch-up, or to one of an older SEQUENCE. */
export function isOlderCatchUp(sequence: number): Condition {
  return {
    anyOf: [
      { attribute: 'catchUpSequence', is: 'absent' },
      { attribute: 'catchUpSequence', is: '<', value: sequence },
    ],
  }
}

/** The same event and address give the same id: an attendee is invited once. */
export function invitationIdOf(ctx: Ctx, eventId: string, address: string): string {
  return `inv_${ctx.sha256(`${eventId}\n${address}`).slice(0, 32)}`
}

export function invitationKey(eventId: string, invitationId: string) {
  return { pk: `event#${eventId}`, sk: `inv#${invitationId}` }
}

/** The answer as it counts now: a reset since makes it NEEDS-ACTION again. */
export function currentPartstat(invitation: Invitation, event: CalendarEvent): Invitation['partstat'] {
  return invitation.answerSequence >= event.lastResetSequence ? invitation.partstat : 'NEEDS-ACTION'
}

/** One that was never sent yet, of an address that `parseAttendeeAddress` has taken. */
export function newInvitation(
  ctx: Ctx,
  input: {
    readonly eventId: string
    readonly address: string
    readonly name?: string | undefined
    readonly channel: Invitation['channel']
    readonly ofList?: { readonly listId: string; readonly listChunk: number }
  },
): Invitation {
  const { eventId, address, name = '', channel, ofList } = input
  return {
    invitationId: invitationIdOf(ctx, eventId, normalizeAddress(address)),
    eventId,
    address,
    ...(name.trim() === '' ? {} : { name: name.trim().toWellFormed() }),
    channel,
    createdAt: ctx.clock.now(),
    partstat: 'NEEDS-ACTION',
    answerSequence: 0,
    answerDtstamp: '',
    hasResponded: false,
    answerVersion: 0,
    instanceAnswers: {},
    sentState: 'planned',
    completeSequence: -1,
    ...ofList,
  }
}
