import type { ReplyDecision } from '#shared/itip/decisions.ts'
import type { AttributeValue, WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { clip } from '#tenant-stack/core/clip.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { addAnswers, addDay, addTotals, type CounterDelta } from '#tenant-stack/core/counters/counters.ts'
import type { ReadMail } from '#tenant-stack/core/inbound-mail/decide-delivery.ts'
import type { Decided } from '#tenant-stack/core/inbound-mail/outcomes.ts'
import { currentPartstat, type Invitation, invitationKey } from '#tenant-stack/core/invitation/invitation.ts'
import { planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'
import type { Taken } from './take-reply.ts'

/** A few paragraphs; the whole mail is kept elsewhere. */
const NOTE_CHARS_MAX = 2000

type Input = {
  readonly read: ReadMail
  readonly calendarEvent: CalendarEvent
  readonly before: Invitation
  readonly after: Invitation
  readonly taken: readonly Taken[]
}

/** The writes of one reply mail: the invitation, its history, the counters, and a fresh copy for who answered an older state. */
export function writeReplies(ctx: Ctx, input: Input): Decided & { readonly operations: readonly WriteOperation[] } {
  const { calendarEvent, before, after, taken, read } = input
  const { mailId, recipient } = read.delivery
  const operations: WriteOperation[] = []
  if (after !== before)
    operations.push(isStillThisEpoch(calendarEvent), writeInvitation(before, after), ...countMoves(ctx, input))
  for (const [index, one] of taken.entries()) {
    if (one.decision.kind === 'ignored') continue
    operations.push({
      kind: 'put',
      item: {
        pk: `event#${calendarEvent.eventId}`,
        sk: `ans#${before.invitationId}#${mailId}#${String(index).padStart(3, '0')}`,
        mailId,
        receivedAt: read.delivery.receivedAt,
        ...historyOf(one.decision),
        ...noteOf(read),
      },
    })
  }
  const resend = resendKind(taken)
  // One mail may answer at two addresses, of two attendees.
  const lateChunkId = `chk_${mailId}-${ctx.sha256(recipient).slice(0, 8)}-now`
  const chunkId = resend === 'resend' ? refreshChunkId(ctx, calendarEvent, before) : lateChunkId
  if (resend !== undefined)
    operations.push(
      planChunkOperation(ctx, {
        chunkId,
        eventId: calendarEvent.eventId,
        kind: resend,
        sequence: calendarEvent.sequence,
        invitationIds: [before.invitationId],
        topicName: 'invitation-requested',
      }),
    )
  const acted = taken.filter((one) => one.isActed)
  return {
    outcome: {
      kind: acted.length > 0 ? 'acted' : 'ignored',
      reason: (acted[0] ?? taken[0])?.reason ?? 'no_event',
      answer: 'nothing',
      eventIds: [calendarEvent.eventId],
    },
    notices: resend === undefined ? [] : [{ topicName: 'invitation-requested', body: JSON.stringify({ chunkId }) }],
    operations,
  }
}

/** Names the one copy that an attendee gets of a state on one UTC day. */
export function refreshChunkId(ctx: Ctx, { sequence }: CalendarEvent, { invitationId }: Invitation): string {
  return `chk_${invitationId}-again-${sequence}-${new Date(ctx.clock.now()).toISOString().slice(0, 10)}`
}

/** Asked for a copy: it is sent. Answered an older time, or after the cancel: the present state is sent, unless he has it. */
function resendKind(taken: readonly Taken[]): 'resend' | 'catchup' | undefined {
  if (taken.some((one) => one.decision.kind === 'refresh' && one.isActed)) return 'resend'
  const isLate = taken.some(
    ({ decision }) => decision.kind === 'answered_older_time' || (decision.kind === 'answer' && decision.isAfterCancel),
  )
  return isLate ? 'catchup' : undefined
}

/** A new time set meanwhile makes this an answer to the older one: decided anew then. */
function isStillThisEpoch(calendarEvent: CalendarEvent): WriteOperation {
  return {
    kind: 'check',
    key: eventKey(calendarEvent.eventId),
    when: { attribute: 'lastResetSequence', is: '=', value: calendarEvent.lastResetSequence },
  }
}

function writeInvitation(before: Invitation, after: Invitation): WriteOperation {
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
    },
    when: { attribute: 'answerVersion', is: '=', value: before.answerVersion },
  }
}

/** Counters move by the difference of what counts before and after, in the epoch of the last reset. */
function countMoves(ctx: Ctx, input: Input): readonly WriteOperation[] {
  const { calendarEvent, before, after } = input
  const { eventId, lastResetSequence } = calendarEvent
  const was = currentPartstat(before, calendarEvent)
  const is = currentPartstat(after, calendarEvent)
  const totals: Record<string, number> = {}
  for (const { decision } of input.taken) {
    if (decision.kind === 'proposal') totals.proposals = (totals.proposals ?? 0) + 1
    if (decision.kind === 'answered_older_time') totals.answeredOlderTime = (totals.answeredOlderTime ?? 0) + 1
    if (decision.kind === 'answer') totals.replies = (totals.replies ?? 0) + 1
  }
  if (after.replyClient !== undefined && before.replyClient === undefined) totals[`client_${after.replyClient}`] = 1
  const operations: WriteOperation[] = []
  if (Object.keys(totals).length > 0) operations.push(addTotals(ctx, eventId, after.invitationId, totals))
  if (was === is) return operations
  const moved: CounterDelta = {
    ...(was === 'NEEDS-ACTION' ? {} : { [counterOf(was)]: -1 }),
    ...(is === 'NEEDS-ACTION' ? {} : { [counterOf(is)]: 1 }),
  }
  const day = is === 'NEEDS-ACTION' ? {} : { [counterOf(is)]: 1 }
  return [
    ...operations,
    addAnswers(ctx, eventId, lastResetSequence, after.invitationId, moved),
    addDay(ctx, eventId, input.read.delivery.receivedAt, after.invitationId, day),
  ]
}

/** What the attendee wrote beside his answer (row 47); a calendar pasted into the text is the answer itself. */
function noteOf({ mail }: ReadMail): { readonly note?: string } {
  const note = clip((mail.text ?? '').trim(), NOTE_CHARS_MAX)
  return note === '' || note.includes('BEGIN:VCALENDAR') ? {} : { note }
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
  const comment = 'comment' in decision ? decision.comment : undefined
  if (comment !== undefined) history.comment = clip(comment, NOTE_CHARS_MAX)
  return history
}
