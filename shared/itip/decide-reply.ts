import type { Instant, Partstat } from '#shared/icalendar/model.ts'
import { answeredBy } from './answered-by.ts'
import type { IncomingReply, ReplyContext, ReplyDecision, ReplyIgnored } from './decisions.ts'

/**
 * What a mail to an attendee's own reply address does (RFC 5546 §3.2.3, §3.2.6, §3.2.7). The token in the envelope has named the
 * attendee already, so neither ORGANIZER, STATUS nor REQUEST-STATUS is looked at; a reply that fails DMARC is as good as any.
 */
export function decideReply(incoming: IncomingReply, context: ReplyContext): ReplyDecision {
  const { vevent } = incoming
  const method = incoming.method ?? (answerOf(incoming) === undefined ? undefined : 'REPLY')
  if (method !== 'REPLY' && method !== 'COUNTER' && method !== 'REFRESH') return ignored('unsupported_method')
  // The token proves the attendee, not the event: one reply address serves every event between the two.
  if (vevent.uid.toLowerCase() !== context.uid.toLowerCase()) return ignored('wrong_uid')
  if (method === 'REFRESH') return { kind: 'refresh' }
  if (vevent.recurrenceKey !== undefined && !context.isOccurrence) return ignored('not_an_occurrence')
  return method === 'COUNTER' ? proposal(incoming, context) : answer(incoming, context)
}

function answer(incoming: IncomingReply, context: ReplyContext): ReplyDecision {
  const { vevent, attendee } = incoming
  const partstat = answerOf(incoming)
  if (partstat === undefined) return ignored('no_answer')
  const sequence = sequenceOf(incoming, context)
  const dtstamp = dtstampOf(incoming)
  const said = {
    partstat,
    sequence,
    dtstamp,
    ...(vevent.recurrenceKey !== undefined && { recurrenceKey: vevent.recurrenceKey }),
    answeredBy: answeredBy(incoming, context),
  }
  const known = context.answer
  if (known?.dtstamp === dtstamp && known.partstat === partstat && known.sequence === sequence) {
    return ignored('duplicate')
  }
  if (sequence < context.lastResetSequence) return { kind: 'answered_older_time', ...said }
  // An answer to the time before the reset does not compete, even with the later DTSTAMP.
  const competes = known !== undefined && known.sequence >= context.lastResetSequence
  if (competes && dtstamp < known.dtstamp) return ignored('stale')
  if (competes && dtstamp === known.dtstamp && partstat === known.partstat) return ignored('duplicate')
  return {
    kind: 'answer',
    ...said,
    ...(vevent.comment !== undefined && { comment: vevent.comment }),
    ...(attendee?.delegatedTo !== undefined && { delegatedTo: attendee.delegatedTo }),
    isAfterCancel: context.isCancelled,
  }
}

function proposal(incoming: IncomingReply, context: ReplyContext): ReplyDecision {
  const { vevent } = incoming
  const sequence = sequenceOf(incoming, context)
  const partstat = answerOf(incoming)
  return {
    kind: 'proposal',
    dtstart: vevent.dtstart,
    dtend: vevent.dtend,
    ...(vevent.recurrenceKey !== undefined && { recurrenceKey: vevent.recurrenceKey }),
    ...(vevent.comment !== undefined && { comment: vevent.comment }),
    answeredBy: answeredBy(incoming, context),
    dtstamp: dtstampOf(incoming),
    sequence,
    isStale: context.isCancelled || sequence < context.lastResetSequence,
    ...(partstat !== undefined && { partstat }),
  }
}

function answerOf({ attendee }: IncomingReply): Partstat | undefined {
  return attendee?.partstat === 'NEEDS-ACTION' ? undefined : attendee?.partstat
}

/** Without SEQUENCE it answers the current one; a SEQUENCE we never sent would outlive every later reset, so it counts as current. */
function sequenceOf({ vevent, hasSequence }: IncomingReply, { sequence }: ReplyContext): number {
  return hasSequence ? Math.min(vevent.sequence, sequence) : sequence
}

/** A phone that runs a day ahead would otherwise make every later answer of its owner stale. */
function dtstampOf({ vevent, receivedAt }: IncomingReply): Instant {
  return receivedAt !== undefined && receivedAt < vevent.dtstamp ? receivedAt : vevent.dtstamp
}

function ignored(reason: ReplyIgnored): ReplyDecision {
  return { kind: 'ignored', reason }
}
