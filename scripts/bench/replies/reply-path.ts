import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { decideReply } from '#shared/itip/decide-reply.ts'
import { incomingReplies } from '#shared/itip/incoming-reply.ts'
import { mailFactsOf } from '../side-by-side/mail-facts.ts'
import type { ReplyFacts } from './reply-facts.ts'

/** When the samples were received; all were written before. */
const RECEIVED_AT = '2026-12-01T00:00:00Z'

/**
 * A mail to an attendee's own address from its bytes to its decision, as the pipeline takes it; what the store would say is given: the event
 * is known by the UID, the attendee by the envelope, and nobody has answered yet.
 */
export async function replyPath(reader: Pick<MailReader, 'disassemble'>, raw: Uint8Array) {
  const read = await reader.disassemble(raw)
  if (read.kind !== 'done') throw new Error(`a sample reply was not read: ${read.kind}`)
  const mail = read.value
  const calendar = mail.calendars[0]?.calendar
  const attendee = mail.from[0]?.address
  if (mail.isReport || calendar === undefined || attendee === undefined)
    throw new Error('a sample reply has no calendar or no sender')
  const invitedAddress = attendee.toLowerCase()
  const replies = incomingReplies(calendar, { from: attendee, invitedAddress, receivedAt: RECEIVED_AT })
  const decisions = replies.map((reply) =>
    decideReply(reply, {
      invitedAddress,
      uid: reply.vevent.uid,
      sequence: reply.vevent.sequence,
      lastResetSequence: 0,
      isCancelled: false,
      answer: undefined,
      isOccurrence: true,
    }),
  )
  return { mail, calendar, decisions }
}

/** The facts behind a decision to record one answer; throws when that is not what was decided. */
export function factsOfReply({ mail, calendar, decisions }: Awaited<ReturnType<typeof replyPath>>): ReplyFacts {
  const [decision] = decisions
  const [vevent] = calendar.vevents
  if (decisions.length !== 1 || decision?.kind !== 'answer' || vevent === undefined)
    throw new Error(`a sample reply led to ${decisions.map(({ kind }) => kind).join(', ') || 'no decision'}`)
  return {
    ...mailFactsOf(mail),
    method: calendar.method ?? '',
    uid: vevent.uid,
    sequence: decision.sequence,
    dtstamp: decision.dtstamp,
    partstat: decision.partstat,
    answeredBy: decision.answeredBy.address,
    comment: decision.comment ?? '',
  }
}
