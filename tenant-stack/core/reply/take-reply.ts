import type { ReplyDecision } from '#shared/itip/decisions.ts'
import type { Invitation } from '../invitation/invitation.ts'

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
    ...touched(invitation),
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
  return {
    ...base,
    partstat: decision.partstat,
    answerSequence: decision.sequence,
    answerDtstamp: decision.dtstamp,
  }
}
