import type { OrganizerDecision, StoredSeries } from '#shared/itip/decisions.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, type EventRevision, eventKey, revisionKey } from '../calendar-event/calendar-event.ts'
import { indexOperations } from '../calendar-event/event-index.ts'
import type { Ctx } from '../context.ts'
import { addDay, addTotals } from '../counters/counters.ts'
import { planFanOutOperation } from '../fan-out/fan-out.ts'
import { whyNotStored } from '../organizer/may-organize.ts'
import { rememberOrganizerOperation } from '../organizer/organizer.ts'
import { type Fact, tellWebhooks } from '../webhook/tell-webhooks.ts'
import { nextDtstamp, storeContent, summaryOf, zoneOf } from './event-content.ts'
import type { Effect, IncomingGroup } from './incoming-group.ts'

type Revising = Extract<OrganizerDecision, { kind: 'update' | 'cancel' | 'cancel_instances' }>

type Input = { readonly group: IncomingGroup; readonly calendarEvent: CalendarEvent; readonly stored: StoredSeries }

/** A new sent revision: SEQUENCE + 1 and one DTSTAMP, minted here and reused by every send of it. */
export async function reviseEvent(ctx: Ctx, input: Input & { readonly decision: Revising }): Promise<Effect> {
  const { group, calendarEvent, decision, stored } = input
  const why = decision.kind === 'update' ? await whyNotStored(ctx, calendarEvent.organizerAddress) : undefined
  if (why !== undefined) return { operations: [], result: { kind: 'refused', reason: why, notices: [] } }
  const seriesBlobKey = await storeContent(ctx, { eventId: calendarEvent.eventId, stored })
  if (seriesBlobKey === undefined)
    return { operations: [], result: { kind: 'quarantined', reason: 'recurrence_over_budget', notices: [] } }
  const revision: EventRevision = {
    eventId: calendarEvent.eventId,
    sequence: calendarEvent.sequence + 1,
    dtstamp: nextDtstamp(ctx, calendarEvent.dtstamp),
    kind: decision.kind === 'update' ? 'request' : decision.kind,
    recurrenceKeys: decision.kind === 'cancel_instances' ? [...decision.recurrenceKeys] : [],
    changed: decision.kind === 'update' ? [...decision.changed] : [],
    resetsAnswers: decision.kind === 'update' && decision.resetsAnswers,
    seriesBlobKey,
    mailId: group.mailId,
    createdAt: ctx.clock.now(),
  }
  const topicName = decision.kind === 'update' ? 'event-updated' : 'event-cancelled'
  const notice = { eventId: calendarEvent.eventId, sequence: revision.sequence }
  const after: CalendarEvent = {
    ...withAudience(calendarEvent, group),
    ...(decision.kind === 'cancel' ? {} : summaryOf(ctx, stored.series, calendarEvent.organizerAddress)),
    ...contentFields(ctx, input, seriesBlobKey),
    warnings: warningsAfter(calendarEvent, group, decision),
    status: decision.kind === 'cancel' ? 'cancelled' : 'confirmed',
    sequence: revision.sequence,
    dtstamp: revision.dtstamp,
    lastResetSequence: revision.resetsAnswers ? revision.sequence : calendarEvent.lastResetSequence,
    ...instanceResets(calendarEvent, decision, revision.sequence),
    lastWholeSequence: revision.kind === 'cancel_instances' ? calendarEvent.lastWholeSequence : revision.sequence,
  }
  const told = await tellWebhooks(ctx, revisedFact(calendarEvent, revision))
  return {
    operations: [
      writeEvent(calendarEvent, after),
      ...indexOperations(calendarEvent, after),
      {
        kind: 'put',
        item: { ...revisionKey(revision.eventId, revision.sequence), ...revision },
        when: { row: 'absent' },
      },
      ...countRevision(ctx, calendarEvent, revision),
      planFanOutOperation(ctx, notice, topicName),
      rememberOrganizerOperation(
        { address: group.who.address, ...zoneOf(stored) },
        { isCancel: decision.kind !== 'update' },
      ),
      ...told.operations,
    ],
    result: {
      kind: 'acted',
      reason: reasonOf(decision.kind),
      eventId: calendarEvent.eventId,
      notices: [{ topicName, body: JSON.stringify(notice) }, ...told.notices],
    },
  }
}

/** A date that was called off leaves the event itself standing: it is a change of it. */
function revisedFact({ uid }: CalendarEvent, revision: EventRevision): Fact {
  const { eventId, sequence, kind, recurrenceKeys, resetsAnswers } = revision
  const data = { event_id: eventId, uid, sequence }
  if (kind === 'cancel') return { type: 'event.cancelled', data }
  const calledOff = kind === 'cancel_instances' ? { cancelled_instances: recurrenceKeys } : {}
  return { type: 'event.updated', data: { ...data, resets_answers: resetsAnswers, ...calledOff } }
}

/** Answers may have been reset and the status changed: the sums of organizer and domain must look at the event again. */
function countRevision(ctx: Ctx, before: CalendarEvent, revision: EventRevision): readonly WriteOperation[] {
  const { eventId, kind, createdAt } = revision
  const called = Number(kind === 'cancel') - Number(before.status === 'cancelled')
  return [
    ...(called === 0 ? [] : [addTotals(ctx, eventId, eventId, { cancelledEvents: called })]),
    addDay(ctx, eventId, createdAt, eventId, { revisions: 1, ...(called === 1 ? { cancelledEvents: 1 } : {}) }),
  ]
}

/** Nothing anybody should hear of, yet something a later decision must know: a newer revision with the same content. */
export async function quietEvent(ctx: Ctx, input: Input & { readonly reason: string }): Promise<Effect> {
  const { calendarEvent, stored } = input
  const result = { kind: 'ignored', reason: input.reason, eventId: calendarEvent.eventId, notices: [] } as const
  const seriesBlobKey = await storeContent(ctx, { eventId: calendarEvent.eventId, stored })
  if (seriesBlobKey === undefined) return { operations: [], result: { ...result, notices: [] } }
  const quiet = { ...calendarEvent, ...contentFields(ctx, input, seriesBlobKey) }
  return { operations: [writeEvent(calendarEvent, quiet)], result: { ...result, notices: [] } }
}

/** A mail with the series itself says anew what was bent to read it; one with single instances only adds to that. */
function warningsAfter(calendarEvent: CalendarEvent, group: IncomingGroup, decision: Revising): string[] {
  if (decision.kind !== 'update') return calendarEvent.warnings
  const hasMaster = group.incoming.vevents.some((vevent) => vevent.recurrenceId === undefined)
  const before = hasMaster ? [] : calendarEvent.warnings
  return [...new Set([...before, ...group.incoming.warnings, ...decision.warnings])]
}

function contentFields(ctx: Ctx, input: Input, seriesBlobKey: string) {
  return {
    clientSequence: input.stored.sequence,
    clientDtstamp: input.stored.dtstamp,
    seriesBlobKey,
    lastMailId: input.group.mailId,
    updatedAt: ctx.clock.now(),
  }
}

/** Another audience for later changes; nobody has to hear of that. */
export function audienceEffect(
  ctx: Ctx,
  calendarEvent: CalendarEvent,
  wanted: Pick<IncomingGroup, 'audience'>,
): Effect {
  const { eventId } = calendarEvent
  const after = { ...withAudience(calendarEvent, wanted), updatedAt: ctx.clock.now() }
  return {
    operations: [writeEvent(calendarEvent, after)],
    result: { kind: 'acted', reason: 'audience', eventId, notices: [] },
  }
}

function withAudience(calendarEvent: CalendarEvent, { audience }: Pick<IncomingGroup, 'audience'>): CalendarEvent {
  if (audience === undefined) return calendarEvent
  const { audience: _, ...rest } = calendarEvent
  return audience === null ? rest : { ...rest, audience }
}

/** Writes the whole row; holds only while the event is the one that was decided on. */
function writeEvent(before: CalendarEvent, after: CalendarEvent): WriteOperation {
  const { eventId, audience, displayZone, lastStartsAt, instanceResets: resets, ...fields } = after
  return {
    kind: 'update',
    key: eventKey(eventId),
    set: {
      ...fields,
      ...(audience === undefined ? {} : { audience }),
      ...(lastStartsAt === undefined ? {} : { lastStartsAt }),
      ...(resets === undefined ? {} : { instanceResets: resets }),
      ...(displayZone === undefined ? {} : { displayZone }),
    },
    ...(audience === undefined ? { remove: ['audience'] } : {}),
    when: {
      allOf: [
        { attribute: 'sequence', is: '=', value: before.sequence },
        { attribute: 'seriesBlobKey', is: '=', value: before.seriesBlobKey },
      ],
    },
  }
}

function reasonOf(kind: Revising['kind']): string {
  switch (kind) {
    case 'update':
      return 'updated'
    case 'cancel':
      return 'cancelled'
    case 'cancel_instances':
      return 'instances_cancelled'
  }
}

/** Instances remembered as reset; of more, the oldest are forgotten with their answers long given. */
const INSTANCE_RESETS_KEPT = 500

function instanceResets(calendarEvent: CalendarEvent, decision: Revising, sequence: number) {
  const keys = decision.kind === 'update' ? (decision.instancesReset ?? []) : []
  if (keys.length === 0) return {}
  const merged = { ...calendarEvent.instanceResets, ...Object.fromEntries(keys.map((key) => [key, sequence])) }
  return { instanceResets: Object.fromEntries(Object.entries(merged).slice(-INSTANCE_RESETS_KEPT)) }
}
