import type { CalendarObject } from '#shared/icalendar/model.ts'
import { occursAt } from '#shared/icalendar/recurrence/occurs-at.ts'
import { buildSeries } from '#shared/icalendar/series.ts'
import { applyDecision } from '#shared/itip/apply-decision.ts'
import { decideOrganizer, storedSeriesKeys } from '#shared/itip/decide-organizer.ts'
import { decideReply } from '#shared/itip/decide-reply.ts'
import type {
  IncomingItip,
  IncomingReply,
  OrganizerDecision,
  ReplyContext,
  ReplyDecision,
  StoredAnswer,
  StoredSeries,
  Who,
} from '#shared/itip/decisions.ts'
import { incomingItips } from '#shared/itip/incoming.ts'
import { incomingReplies } from '#shared/itip/incoming-reply.ts'
import { answerOccurrences } from './occurs.ts'
import type { Scenario } from './read-scenario.ts'

type Played<Decision> = {
  readonly decisions: readonly Decision[]
  /** What is stored before and after the incoming mail: of the last UID, or of the last answered instance. */
  readonly before: unknown
  readonly after: unknown
}

/** Lets a store live through the mails of the scenario, looked up as a pipeline does it. */
export function playOrganizer({ outcome, stored, incoming }: Scenario): Played<OrganizerDecision> {
  const store = new Map<string, StoredSeries>()
  const organizer = { address: organizerOf([...stored.flat(), ...incoming]) }
  for (const calendars of stored) for (const group of incomingItips(calendars)) receive(store, group, organizer)
  const who = outcome.who === undefined ? organizer : { address: outcome.who }
  const received = incomingItips(incoming).map((group) => receive(store, group, who))
  return {
    decisions: received.map(({ decision }) => decision),
    before: received.at(-1)?.before,
    after: received.at(-1)?.after,
  }
}

function receive(store: Map<string, StoredSeries>, incoming: IncomingItip, who: Who) {
  const keys = storedSeriesKeys(incoming, who).map(({ uid, organizerAddress }) => `${uid} ${organizerAddress}`)
  const before = keys.map((key) => store.get(key)).find((found) => found !== undefined)
  const decision = decideOrganizer({ incoming, stored: before, who, occurrences: answerOccurrences(incoming, before) })
  const after = applyDecision(before, decision, who)
  if (after !== undefined) store.set(`${incoming.uid} ${after.organizerAddress}`, after)
  return { decision, before, after }
}

/** Plays earlier replies in order, then the incoming one, against our own invite. */
export function playReply(
  { outcome, stored, incoming }: Scenario,
  invite: readonly CalendarObject[],
): Played<ReplyDecision> {
  const series = buildSeries(invite.flatMap(({ vevents }) => vevents))
  const ours = series.master ?? series.overrides[0]
  const invited = ours?.attendees[0]
  if (ours === undefined || invited === undefined) throw new Error('invite.ics invites nobody')
  const answers = new Map<string, StoredAnswer>()
  const hear = (one: IncomingReply): ReplyDecision => {
    const key = one.vevent.recurrenceKey ?? ''
    const context: ReplyContext = {
      invitedAddress: invited.address,
      ...(invited.name !== undefined && { invitedName: invited.name }),
      uid: ours.uid,
      sequence: ours.sequence,
      lastResetSequence: outcome.lastResetSequence ?? 0,
      isCancelled: outcome.isCancelled ?? false,
      answer: answers.get(key),
      isOccurrence: key === '' || occursAt(series, [key])[0] === true,
    }
    const decision = decideReply(one, context)
    if (decision.kind === 'answer') answers.set(key, decision)
    return decision
  }
  const mail = { invitedAddress: invited.address }
  for (const calendar of stored.flat()) incomingReplies(calendar, { ...mail, from: invited.address }).map(hear)
  const received = {
    ...mail,
    from: outcome.who ?? invited.address,
    ...(outcome.receivedAt && { receivedAt: outcome.receivedAt }),
  }
  const before = [...answers.values()]
  const decisions = incoming.flatMap((calendar) => incomingReplies(calendar, received)).map(hear)
  return { decisions, before, after: [...answers.values()] }
}

function organizerOf(calendars: readonly CalendarObject[]): string {
  const named = calendars.flatMap(({ vevents }) => vevents).find(({ organizer }) => organizer !== undefined)
  return named?.organizer?.address ?? 'ana@example.org'
}
