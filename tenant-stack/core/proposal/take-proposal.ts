import * as z from 'zod'
import type { CalendarTime, Series } from '#shared/icalendar/model.ts'
import type { ReplyDecision } from '#shared/itip/decisions.ts'
import { sameTime } from '#shared/itip/same-time.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import type { Invitation } from '../invitation/invitation.ts'
import { attendeeWords } from '../reply/attendee-words.ts'
import { planLedgerOperation } from '../send-ledger/plan-ledger.ts'
import { offeredQuota } from './offered-quota.ts'
import { keyOf, type Proposal, proposalIdOf, proposalNoticeId, type Span } from './proposal.ts'
import { findProposal } from './proposal-store.ts'
import { dateOfSeries, presentSpan, proposedSpan } from './proposed-span.ts'

export type ProposalDecision = Extract<ReplyDecision, { kind: 'proposal' }>

type Input = {
  readonly calendarEvent: CalendarEvent
  readonly series: Series
  readonly invitation: Invitation
  readonly decision: ProposalDecision
  readonly recurrenceId: CalendarTime | undefined
  readonly mail: { readonly mailId: string; readonly receivedAt: number }
}

export type TakenProposal = {
  readonly operations: readonly WriteOperation[]
  /** What the log says. */
  readonly reason: string
  /** The organizer is asked about it. */
  readonly offered?: Proposal
}

/** An attendee's last proposal for one date: a newer one takes its place. */
const Last = z.object({ proposalId: z.string(), dtstamp: z.string() })

/**
 * One proposal of a mail: kept in any case, and offered to the organizer when it is for the time that is, is another time, and is not one too
 * many. Written with the mail's outcome; whatever it was decided on and has changed meanwhile makes the mail be decided anew.
 */
export async function takeProposal(ctx: Ctx, input: Input): Promise<TakenProposal> {
  const { calendarEvent, series, invitation, decision, mail } = input
  const { eventId } = calendarEvent
  const { invitationId } = invitation
  const present = presentSpan(series, input.recurrenceId, decision.recurrenceKey)
  if (present === undefined) return { operations: [], reason: 'not_an_occurrence' }
  const to = proposedSpan(present, decision, series.customZones)
  const lastKey = { pk: `event#${eventId}`, sk: `propof#${invitationId}#${decision.recurrenceKey ?? ''}` }
  const lastRow = await ctx.table.get(lastKey)
  const last = lastRow === undefined ? undefined : Last.parse(lastRow)
  const earlier = last === undefined ? undefined : await findProposal(ctx, last.proposalId)
  if (earlier !== undefined && isSaidAgain(earlier, decision, to)) return { operations: [], reason: 'duplicate' }
  const quota = await offeredQuota(ctx, { eventId, invitationId })
  const isOlder = last !== undefined && decision.dtstamp < last.dtstamp
  const [state, reason] = fateOf({ decision, present, to, isOlder, hasRoom: quota !== undefined })
  const proposal: Proposal = {
    proposalId: proposalIdOf(ctx, { eventId, invitationId, receivedAt: mail.receivedAt, name: mail.mailId }),
    eventId,
    invitationId,
    state,
    sequence: decision.sequence,
    ...(decision.recurrenceKey === undefined ? {} : { recurrenceKey: decision.recurrenceKey }),
    ...(input.recurrenceId === undefined ? {} : { recurrenceId: dateOfSeries(series, input.recurrenceId) }),
    isWholeSeries: decision.recurrenceKey === undefined && isSeries(series),
    from: present,
    to,
    ...commentOf(decision),
    proposedBy: decision.answeredBy.address,
    dtstamp: decision.dtstamp,
    mailId: mail.mailId,
    createdAt: mail.receivedAt,
  }
  const kept: WriteOperation = {
    kind: 'put',
    item: { ...keyOf(proposal.proposalId), ...proposal },
    when: { row: 'absent' },
  }
  if (state !== 'open') return { operations: [kept], reason }
  const noticeId = proposalNoticeId(proposal.proposalId)
  return {
    operations: [
      kept,
      {
        kind: 'put',
        item: { ...lastKey, proposalId: proposal.proposalId, dtstamp: proposal.dtstamp },
        when: last === undefined ? { row: 'absent' } : { attribute: 'proposalId', is: '=', value: last.proposalId },
      },
      ...(earlier?.state === 'open' ? [replaced(earlier)] : []),
      ...(quota ?? []),
      planLedgerOperation(ctx, noticeId, { topicName: 'notice-due', body: JSON.stringify({ noticeId }) }),
    ],
    reason,
    offered: proposal,
  }
}

/** The same mail by another way, or a client that sends its last word again. */
function isSaidAgain(earlier: Proposal, { dtstamp }: ProposalDecision, to: Span): boolean {
  const isSame = sameTime(earlier.to.dtstart, to.dtstart) && sameTime(earlier.to.dtend, to.dtend)
  return isSame && (earlier.state === 'open' || earlier.dtstamp === dtstamp)
}

function fateOf(of: {
  readonly decision: ProposalDecision
  readonly present: Span
  readonly to: Span
  readonly isOlder: boolean
  readonly hasRoom: boolean
}): readonly [Proposal['state'], string] {
  const { decision, present, to } = of
  if (decision.isStale) return ['stale', 'proposal_for_an_older_time']
  if (of.isOlder) return ['replaced', 'proposal_older_than_his_last']
  if (sameTime(present.dtstart, to.dtstart) && sameTime(present.dtend, to.dtend))
    return ['not_offered', 'proposal_of_the_same_time']
  return of.hasRoom ? ['open', 'proposal_recorded'] : ['not_offered', 'too_many_proposals']
}

function replaced({ proposalId }: Proposal): WriteOperation {
  return {
    kind: 'update',
    key: keyOf(proposalId),
    set: { state: 'replaced' },
    when: { attribute: 'state', is: '=', value: 'open' },
  }
}

function isSeries({ master, overrides }: Series): boolean {
  return master === undefined ? overrides.length > 1 : master.recurrence !== undefined
}

function commentOf({ comment }: ProposalDecision): { readonly comment?: string } {
  const words = attendeeWords(comment)
  return words === undefined ? {} : { comment: words }
}
