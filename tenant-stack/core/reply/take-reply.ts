import type { ReplyDecision } from '#shared/itip/decisions.ts'
import type { Invitation } from '../invitation/invitation.ts'
import { attendeeWords } from './attendee-words.ts'

/** RFC 5546 §3.2.2.3 knows one delegate; more than a few are no person's choice. */
const DELEGATES_KEPT = 5

/** Answers to single instances kept on the row; older ones stay in the history rows. */
const INSTANCE_ANSWERS_KEPT = 200

export type Taken = {
  readonly decision: ReplyDecision
  readonly invitation: Invitation
  /** What the organizer reads in the log. */
  readonly reason: string
  readonly isActed: boolean
}

/** The invitation after one decided reply. Pure; what moves and what only stays in the history is decided here alone. */
export function takeReply(
  invitation: Invitation,
  decision: ReplyDecision,
  mail: { readonly receivedAt: number; readonly client: string },
): Taken {
  switch (decision.kind) {
    case 'ignored':
      return { decision, invitation, reason: decision.reason, isActed: false }
    case 'refresh':
      return { decision, invitation, reason: 'refresh_requested', isActed: true }
    case 'proposal':
      return { decision, invitation: touched(invitation), reason: 'proposal_recorded', isActed: true }
    case 'answered_older_time':
      return {
        decision,
        invitation: { ...touched(invitation), hasResponded: true },
        reason: 'answered_older_time',
        isActed: true,
      }
    case 'answer':
      return { decision, invitation: answered(invitation, decision, mail), reason: 'answer_recorded', isActed: true }
  }
}

function touched(invitation: Invitation): Invitation {
  return { ...invitation, answerVersion: invitation.answerVersion + 1 }
}

function answered(
  invitation: Invitation,
  decision: Extract<ReplyDecision, { kind: 'answer' }>,
  mail: { readonly receivedAt: number; readonly client: string },
): Invitation {
  const base: Invitation = {
    ...delegated(touched(invitation), decision),
    hasResponded: true,
    answeredAt: mail.receivedAt,
    replyClient: mail.client,
    answeredBy: decision.answeredBy.address,
  }
  const answer = { partstat: decision.partstat, sequence: decision.sequence, dtstamp: decision.dtstamp }
  if (decision.recurrenceKey !== undefined) {
    const kept = Object.entries(invitation.instanceAnswers).slice(-(INSTANCE_ANSWERS_KEPT - 1))
    return { ...base, instanceAnswers: { ...Object.fromEntries(kept), [decision.recurrenceKey]: answer } }
  }
  const { comment: _earlier, ...rest } = base
  const comment = attendeeWords(decision.comment)
  return {
    ...rest,
    partstat: decision.partstat,
    answerSequence: decision.sequence,
    answerDtstamp: decision.dtstamp,
    ...(comment === undefined ? {} : { comment }),
  }
}

/**
 * Whom the attendee sends in his place (RFC 5546 §3.2.2.3): as he says, or as his delegate's own reply does. They are told, never invited and
 * never mailed: he has passed the invite on himself. His own answer takes it back; one date of a series leaves it as it is.
 */
function delegated(invitation: Invitation, decision: Extract<ReplyDecision, { kind: 'answer' }>): Invitation {
  if (decision.recurrenceKey !== undefined) return invitation
  const { delegatedTo: _earlier, ...rest } = invitation
  const delegates = delegatesOf(decision)
  return delegates.length === 0 ? rest : { ...rest, delegatedTo: delegates }
}

export function delegatesOf({ partstat, delegatedTo = [], answeredBy }: Extract<ReplyDecision, { kind: 'answer' }>) {
  if (partstat === 'DELEGATED') return delegatedTo.slice(0, DELEGATES_KEPT)
  return answeredBy.relation === 'delegate' ? [answeredBy.address] : []
}
