import type { ReplyDecision } from '#shared/itip/decisions.ts'
import type { AttributeValue, WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, eventKey } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import { addAnswers, addDay, addTotals, type CounterDelta, tallied } from '../counters/counters.ts'
import type { Decided } from '../inbound-mail/outcomes.ts'
import { currentPartstat, type Invitation, invitationKey, reservedFor } from '../invitation/invitation.ts'
import { planChunkOperation } from '../send-ledger/chunk.ts'
import { sortableTime } from '../unfinished.ts'
import { toldOf } from '../webhook/tell-webhooks.ts'
import type { Webhook } from '../webhook/webhook.ts'
import { attendeeWords } from './attendee-words.ts'
import type { PlannedCatchUp } from './catch-up.ts'
import { delegationMoves } from './delegations.ts'
import { forwardableText } from './forwardable-text.ts'
import { delegatesOf, type Taken } from './take-reply.ts'

/** The one mail, or the one press of a button, that says it all. */
export type ReplySource = {
  /** Names it: its rows and what is sent because of it are named after it, so that a second run makes them only once. */
  readonly sourceId: string
  readonly channel: 'mail' | 'page'
  /** Epoch milliseconds. */
  readonly receivedAt: number
  /** What is written beside the answer. */
  readonly text?: string | undefined
}

type Input = {
  readonly source: ReplySource
  readonly calendarEvent: CalendarEvent
  readonly before: Invitation
  readonly after: Invitation
  readonly taken: readonly Taken[]
  /** What his calendar lacks, promised in the same transaction. */
  readonly caughtUpBy?: PlannedCatchUp | undefined
  /** Of the tenant's own servers. */
  readonly listening: readonly Webhook[]
}

/** The writes of one reply, by mail or on a page: the invitation, its history, the counters, a copy for who asks for one, and what his calendar lacks. */
export function writeReplies(ctx: Ctx, input: Input): Decided & { readonly operations: readonly WriteOperation[] } {
  const { calendarEvent, before, after, taken, source, caughtUpBy } = input
  const operations: WriteOperation[] = []
  if (after !== before)
    operations.push(
      isStillThisRevision(calendarEvent),
      writeInvitation(input),
      ...countMoves(ctx, input),
      ...delegationMoves(ctx, before, after),
    )
  for (const [index, one] of taken.entries()) {
    if (one.decision.kind === 'ignored') continue
    operations.push({
      kind: 'put',
      item: {
        pk: `event#${calendarEvent.eventId}`,
        sk: historyKey(before, source, index),
        ...(source.channel === 'mail' ? { mailId: source.sourceId } : {}),
        channel: source.channel,
        receivedAt: source.receivedAt,
        ...historyOf(one.decision),
        ...noteOf(source),
      },
    })
  }
  const isCopyAskedFor = taken.some((one) => one.decision.kind === 'refresh' && one.isActed)
  // One mail may answer at two addresses, of two attendees.
  const chunkId = `chk_${source.sourceId}-${before.invitationId.slice(-8)}-now`
  if (isCopyAskedFor)
    operations.push(
      planChunkOperation(ctx, {
        chunkId,
        eventId: calendarEvent.eventId,
        kind: 'resend',
        sequence: calendarEvent.sequence,
        invitationIds: [before.invitationId],
        topicName: 'invitation-requested',
      }),
    )
  if (caughtUpBy !== undefined) operations.push(caughtUpBy.operation)
  const told = toldOfAnswers(ctx, input)
  operations.push(...told.operations)
  const acted = taken.filter((one) => one.isActed)
  return {
    outcome: {
      kind: acted.length > 0 ? 'acted' : 'ignored',
      reason: (acted[0] ?? taken[0])?.reason ?? 'no_event',
      answer: 'nothing',
      eventIds: [calendarEvent.eventId],
    },
    notices: [
      ...(isCopyAskedFor ? [{ topicName: 'invitation-requested', body: JSON.stringify({ chunkId }) } as const] : []),
      ...told.notices,
    ],
    operations,
  }
}

/** One message for all that one mail, or one press of a button, has answered. */
function toldOfAnswers(ctx: Ctx, { calendarEvent, after, taken, source, listening }: Input) {
  const answers = taken.flatMap(({ decision }) =>
    decision.kind === 'answer'
      ? [
          {
            answer: decision.partstat.toLowerCase(),
            ...(decision.recurrenceKey === undefined ? {} : { recurrence_id: decision.recurrenceKey }),
          },
        ]
      : [],
  )
  if (answers.length === 0) return { operations: [], notices: [] }
  const { eventId, sequence } = calendarEvent
  return toldOf(ctx, listening, {
    type: 'answer.recorded',
    data: { event_id: eventId, invitation_id: after.invitationId, sequence, channel: source.channel, answers },
    email: after.address,
  })
}

/** Oldest first, and the same for a second run of the same mail. */
function historyKey({ invitationId }: Invitation, { receivedAt, sourceId }: ReplySource, index: number): string {
  return `ans#${invitationId}#${sortableTime(receivedAt)}#${sourceId}#${String(index).padStart(3, '0')}`
}

/** A new time set meanwhile makes this an answer to the older one, and who answers during a cancel may be passed by: decided anew then. */
function isStillThisRevision({ eventId, sequence }: CalendarEvent): WriteOperation {
  return { kind: 'check', key: eventKey(eventId), when: { attribute: 'sequence', is: '=', value: sequence } }
}

function writeInvitation(input: Input): WriteOperation {
  const { before, after, caughtUpBy } = input
  return {
    kind: 'update',
    key: invitationKey(after.eventId, after.invitationId),
    set: {
      partstat: after.partstat,
      answerSequence: after.answerSequence,
      answerDtstamp: after.answerDtstamp,
      hasResponded: after.hasResponded,
      instanceAnswers: after.instanceAnswers,
      answerVersion: after.answerVersion,
      ...(after.answeredAt === undefined ? {} : { answeredAt: after.answeredAt }),
      ...(after.answeredBy === undefined ? {} : { answeredBy: after.answeredBy }),
      ...(after.replyClient === undefined ? {} : { replyClient: after.replyClient }),
      ...(after.refreshed === undefined ? {} : { refreshed: after.refreshed }),
      ...(after.comment === undefined ? {} : { comment: after.comment }),
      ...(after.delegatedTo === undefined ? {} : { delegatedTo: after.delegatedTo }),
      ...(caughtUpBy === undefined ? {} : reservedFor(caughtUpBy.catchUp)),
    },
    remove: [
      ...(after.comment === undefined ? ['comment'] : []),
      ...(after.delegatedTo === undefined ? ['delegatedTo'] : []),
    ],
    add: tallied(saidOf(input)),
    when: { attribute: 'answerVersion', is: '=', value: before.answerVersion },
  }
}

/** What was said, whatever of it counts as his answer. */
function saidOf({ taken }: Input): CounterDelta {
  const said: Record<string, number> = {}
  for (const { decision } of taken) {
    if (decision.kind === 'proposal') said.proposals = (said.proposals ?? 0) + 1
    if (decision.kind === 'answered_older_time') said.answeredOlderTime = (said.answeredOlderTime ?? 0) + 1
    if (decision.kind === 'answer') said.replies = (said.replies ?? 0) + 1
  }
  return said
}

/** Counters move by the difference of what counts before and after, in the epoch of the last reset. */
function countMoves(ctx: Ctx, input: Input): readonly WriteOperation[] {
  const { calendarEvent, before, after } = input
  const { eventId, lastResetSequence } = calendarEvent
  const was = currentPartstat(before, calendarEvent)
  const is = currentPartstat(after, calendarEvent)
  const totals = { ...saidOf(input), ...clientMoves(before, after) }
  const moved: CounterDelta = {
    ...(was === is || was === 'NEEDS-ACTION' ? {} : { [counterOf(was)]: -1 }),
    ...(was === is || is === 'NEEDS-ACTION' ? {} : { [counterOf(is)]: 1 }),
  }
  const hasMoved = Object.keys(moved).length > 0
  if (Object.keys(totals).length === 0 && !hasMoved) return []
  const day = hasMoved && is !== 'NEEDS-ACTION' ? { [counterOf(is)]: 1 } : {}
  return [
    ...(Object.keys(totals).length === 0 ? [] : [addTotals(ctx, eventId, after.invitationId, totals)]),
    ...(hasMoved ? [addAnswers(ctx, eventId, lastResetSequence, after.invitationId, moved)] : []),
    // The day that counts it, not the one it was sent: a day that is over changes no more.
    addDay(ctx, eventId, ctx.clock.now(), after.invitationId, day),
  ]
}

/** He counts for the client that he answered with last. */
function clientMoves({ replyClient: was }: Invitation, { replyClient: is }: Invitation): CounterDelta {
  if (was === is) return {}
  return {
    ...(was === undefined ? {} : { [`client_${was}`]: -1 }),
    ...(is === undefined ? {} : { [`client_${is}`]: 1 }),
  }
}

/** What the attendee wrote beside his answer (row 47); a calendar pasted into the text is the answer itself. */
function noteOf({ text }: ReplySource): { readonly note?: string } {
  // Clients may quote the invite in it, with the attendee's own links.
  const note = attendeeWords(text === undefined ? undefined : forwardableText({ text }))
  return note === undefined || note.includes('BEGIN:VCALENDAR') ? {} : { note }
}

function counterOf(partstat: Invitation['partstat']): string {
  return partstat.toLowerCase()
}

function historyOf(decision: Exclude<ReplyDecision, { kind: 'ignored' }>): Record<string, AttributeValue> {
  const history: Record<string, AttributeValue> = { kind: decision.kind }
  if (decision.kind === 'refresh') return history
  history.answeredBy = { address: decision.answeredBy.address, relation: decision.answeredBy.relation }
  history.dtstamp = decision.dtstamp
  if (decision.recurrenceKey !== undefined) history.recurrenceKey = decision.recurrenceKey
  if (decision.kind === 'proposal') {
    history.dtstart = { ...decision.dtstart }
    history.dtend = { ...decision.dtend }
  } else {
    history.partstat = decision.partstat
    history.sequence = decision.sequence
  }
  if (decision.kind === 'answer') {
    const delegates = delegatesOf(decision)
    if (delegates.length > 0) history.delegatedTo = delegates
  }
  const comment = attendeeWords('comment' in decision ? decision.comment : undefined)
  if (comment !== undefined) history.comment = comment
  return history
}
