import type { OrganizerDecision, StoredSeries } from '#shared/itip/decisions.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, type EventRevision, eventKey, revisionKey } from '../calendar-event/calendar-event.ts'
import { indexOperations } from '../calendar-event/event-index.ts'
import { bindUidOperation, type UidOwner } from '../calendar-event/uid-owners.ts'
import type { Ctx } from '../context.ts'
import { addDay, addTotals } from '../counters/counters.ts'
import { organizerQuota } from '../limits/organizer-quota.ts'
import { whyNotStored } from '../organizer/may-organize.ts'
import { rememberOrganizerOperation } from '../organizer/organizer.ts'
import { sortableTime } from '../unfinished.ts'
import { tellWebhooks } from '../webhook/tell-webhooks.ts'
import { nextDtstamp, storeContent, summaryOf, zoneOf } from './event-content.ts'
import type { Effect, IncomingGroup } from './incoming-group.ts'

type Input = {
  readonly group: IncomingGroup
  readonly decision: Extract<OrganizerDecision, { kind: 'create' }>
  readonly stored: StoredSeries
  /** What the UID stood for with this organizer when it was decided. */
  readonly owner: UidOwner | undefined
  /** The cancelled event whose UID is used again. */
  readonly replaces: CalendarEvent | undefined
}

/** A new event with its own id and UID, its first revision, and the pair (client's UID, organizer) bound to it. */
export async function createEvent(ctx: Ctx, input: Input): Promise<Effect> {
  const { group, stored } = input
  const why = await whyNotStored(ctx, group.who.address)
  if (why !== undefined) return { operations: [], result: { kind: 'refused', reason: why, notices: [] } }
  const counted = await organizerQuota(ctx, group.who.address)
  if (counted === undefined)
    return { operations: [], result: { kind: 'refused', reason: 'events_per_organizer', notices: [] } }
  const eventId = group.eventId ?? ctx.ids.newId('evt')
  const summary = summaryOf(ctx, stored.series, group.who.address)
  const seriesBlobKey = await storeContent(ctx, { eventId, stored })
  if (seriesBlobKey === undefined || summary === undefined)
    return { operations: [], result: { kind: 'quarantined', reason: 'recurrence_over_budget', notices: [] } }
  const now = ctx.clock.now()
  const calendarEvent: CalendarEvent = {
    eventId,
    uid: `${eventId}@${ctx.settings.domainName}`,
    clientUid: group.incoming.uid,
    clientSequence: stored.sequence,
    clientDtstamp: stored.dtstamp,
    organizerAddress: group.who.address,
    organizerName: group.who.name,
    status: 'confirmed',
    sequence: 0,
    dtstamp: nextDtstamp(ctx, undefined),
    lastResetSequence: 0,
    lastWholeSequence: 0,
    ...summary,
    ...(group.displayZone === undefined ? {} : { displayZone: group.displayZone }),
    client: group.client,
    warnings: [...new Set([...group.incoming.warnings, ...input.decision.warnings])],
    seriesBlobKey,
    createdByMailId: group.mailId,
    lastMailId: group.mailId,
    createdAt: now,
    updatedAt: now,
    ...(group.audience === undefined || group.audience === null ? {} : { audience: group.audience }),
  }
  const notice = { eventId, mailId: group.mailId, recipient: group.recipient }
  const told = await tellWebhooks(ctx, {
    type: 'event.created',
    data: { event_id: eventId, uid: calendarEvent.uid, sequence: 0 },
  })
  return {
    operations: [
      bindUidOperation(
        ctx,
        { clientUid: group.incoming.uid, organizerAddress: group.who.address, eventId },
        input.owner,
      ),
      ...(input.replaces === undefined ? [] : [isStillAsRead(input.replaces)]),
      {
        kind: 'put',
        item: {
          ...eventKey(eventId),
          ...calendarEvent,
          gsi1pk: `organizer#${group.who.address}`,
          gsi1sk: `${sortableTime(now)}#${eventId}`,
        },
        when: { row: 'absent' },
      },
      { kind: 'put', item: { ...revisionKey(eventId, 0), ...firstRevision(calendarEvent) }, when: { row: 'absent' } },
      ...indexOperations(undefined, calendarEvent),
      counted,
      addTotals(ctx, eventId, eventId, { events: 1 }),
      addDay(ctx, eventId, now, eventId, { events: 1 }),
      rememberOrganizerOperation({ address: group.who.address, name: group.who.name, ...zoneOf(stored) }),
      ...told.operations,
    ],
    result: {
      kind: 'acted',
      reason: 'created',
      eventId,
      notices: [{ topicName: 'event-created', body: JSON.stringify(notice) }, ...told.notices],
    },
  }
}

/** A later cancel of the old event, seen meanwhile, may bury this re-creation: decided anew then. */
function isStillAsRead({ eventId, sequence, seriesBlobKey }: CalendarEvent): WriteOperation {
  return {
    kind: 'check',
    key: eventKey(eventId),
    when: {
      allOf: [
        { attribute: 'sequence', is: '=', value: sequence },
        { attribute: 'seriesBlobKey', is: '=', value: seriesBlobKey },
      ],
    },
  }
}

function firstRevision(calendarEvent: CalendarEvent): EventRevision {
  return {
    eventId: calendarEvent.eventId,
    sequence: 0,
    dtstamp: calendarEvent.dtstamp,
    kind: 'request',
    recurrenceKeys: [],
    changed: [],
    resetsAnswers: false,
    seriesBlobKey: calendarEvent.seriesBlobKey,
    mailId: calendarEvent.createdByMailId,
    createdAt: calendarEvent.createdAt,
  }
}
