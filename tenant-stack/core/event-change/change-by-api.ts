import type { EventBody, EventChangeBody } from '#shared/contracts/events-api.ts'
import type { Vevent } from '#shared/icalendar/model.ts'
import { timeOfKey } from '#shared/icalendar/recurrence/occurs-at.ts'
import { recurrenceKeyOf } from '#shared/icalendar/times.ts'
import type { StoredSeries } from '#shared/itip/decisions.ts'
import { type CalendarEvent, CalendarEventFailure } from '../calendar-event/calendar-event.ts'
import { getContent, getEvent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import { LimitFailure } from '../limits/limits.ts'
import { activeOrganizer } from '../organizer/active-organizer.ts'
import { isNotOrganizer, refuseNotOrganizer } from '../organizer/may-organize.ts'
import { type Asked, applyOnce, effectOf } from './apply-incoming.ts'
import { changedVevent, draftVevent } from './draft-vevent.ts'
import { nextDtstamp } from './event-content.ts'
import type { Effect, GroupResult, IncomingGroup } from './incoming-group.ts'
import { withOwnRecurrence } from './own-recurrence.ts'
import { audienceEffect } from './revise-event.ts'

/** Longer than an Idempotency-Key names its first answer, so that a request that died is never done twice. */
const DONE_SECONDS = 48 * 3600

type Request = {
  /** Names this request: the same name is carried out once. */
  readonly requestName: string
}

type Changing = Request & {
  readonly eventId: string
  /** The SEQUENCE that the request was made from (If-Match); absent: any. */
  readonly ifSequence?: number | undefined
}

/** Creates an event without a calendar client. Its client's UID is our own, so that an organizer who mails it on finds it again. */
export async function createByApi(ctx: Ctx, { requestName, body }: Request & { readonly body: EventBody }) {
  const organizer = await activeOrganizer(ctx, body.organizer)
  const eventId = ctx.ids.newId('evt')
  const who = { address: organizer.address, name: organizer.name ?? localPart(organizer.address), isForwarded: false }
  const uid = `${eventId}@${ctx.settings.domainName}`
  const dtstamp = nextDtstamp(ctx, undefined)
  const vevent = draftVevent(body, { uid, dtstamp, organizer: { address: who.address, name: who.name } })
  const group: IncomingGroup = {
    ...namedBy(ctx, requestName),
    incoming: { method: 'REQUEST', uid, vevents: [vevent], customZones: [], warnings: [] },
    who,
    client: 'api',
    displayZone: organizer.zone,
    eventId,
    ...(body.audience === undefined ? {} : { audience: body.audience }),
  }
  return apply(ctx, requestName, (own) => effectOf(own, group))
}

/**
 * Changes an event as a mailed update does: SEQUENCE + 1, answers reset by another time, fan-out to the audience. The content stands at
 * the client's own SEQUENCE with a later DTSTAMP (RFC 5546 §2.1.5), so that the organizer's next mail, which may repeat that SEQUENCE, still
 * counts, and one that he wrote before this change does not. What changes nothing does nothing.
 */
export async function changeByApi(ctx: Ctx, { body, ...request }: Changing & { readonly body: EventChangeBody }) {
  return apply(ctx, request.requestName, async (own) => {
    const { calendarEvent, stored } = await found(own, request)
    if (calendarEvent.status === 'cancelled') throw CalendarEventFailure.cancelled('This event is cancelled.')
    const { audience, ...change } = body
    const isAudienceNew = audience !== undefined && (audience ?? undefined) !== calendarEvent.audience
    const wanted = isAudienceNew ? { audience } : {}
    const { master } = stored.series
    if (master === undefined && Object.keys(change).length > 0)
      throw CalendarEventFailure.instances_only(
        'This event is made of single dates without a series; change them in the calendar that they came from.',
      )
    const changed = master === undefined ? undefined : changedVevent(master, change, stored.series.customZones)
    if (changed === undefined || changed.contentHash === master?.contentHash)
      return isAudienceNew ? audienceEffect(own, calendarEvent, wanted) : nothing(calendarEvent)
    const vevent = stamped(own, changed, stored)
    return effectOf(own, { ...groupOf(own, request, calendarEvent, stored, 'REQUEST', vevent), ...wanted })
  })
}

/** Cancels an event, or one date of a series, as a mailed CANCEL does. Asked again it answers the same and does nothing. */
export async function cancelByApi(ctx: Ctx, request: Changing & { readonly recurrenceId?: string | undefined }) {
  return apply(ctx, request.requestName, async (own) => {
    const { calendarEvent, stored } = await found(own, request)
    if (calendarEvent.status === 'cancelled') return nothing(calendarEvent)
    const leading = stored.series.master ?? stored.series.overrides[0]
    if (leading === undefined) return nothing(calendarEvent)
    const { recurrenceId: _, recurrenceKey: __, ...whole } = leading
    const component = request.recurrenceId === undefined ? whole : dateOf(stored, leading, request.recurrenceId)
    const vevent = stamped(own, component, stored)
    const effect = await effectOf(own, groupOf(own, request, calendarEvent, stored, 'CANCEL', vevent))
    if (effect.result.reason === 'not_an_occurrence') throw notAnOccurrence()
    return effect
  })
}

async function found(ctx: Ctx, { eventId, ifSequence }: Changing) {
  const calendarEvent = await getEvent(ctx, eventId)
  if (ifSequence !== undefined && ifSequence !== calendarEvent.sequence)
    throw CalendarEventFailure.changed(`The event is at sequence ${calendarEvent.sequence} now; read it again.`)
  const { stored } = await getContent(ctx, calendarEvent.seriesBlobKey)
  return { calendarEvent, stored }
}

/** The series' own SEQUENCE, so that no later mail of the client is older, and a DTSTAMP that comes after all that is stored. */
function stamped(
  ctx: Ctx,
  vevent: Omit<Vevent, 'contentHash'> & { readonly contentHash: string },
  stored: StoredSeries,
): Vevent {
  const components = [stored.series.master, ...stored.series.overrides, ...stored.series.cancelled]
  const others = components.flatMap((one) => (one === undefined ? [] : [one]))
  const own = others.find((one) => one.recurrenceKey === vevent.recurrenceKey)
  const isWhole = vevent.recurrenceKey === undefined
  const last = [stored.dtstamp, ...others.map(({ dtstamp }) => dtstamp)].toSorted().at(-1)
  return {
    ...vevent,
    sequence: Math.max(vevent.sequence, own?.sequence ?? 0, isWhole ? stored.sequence : 0),
    hasSequence: true,
    dtstamp: nextDtstamp(ctx, last),
  }
}

/** One date of a series, called by its RECURRENCE-ID. */
function dateOf({ series }: StoredSeries, leading: Vevent, recurrenceId: string): Vevent {
  const time = timeOfKey(recurrenceId)
  if (time === undefined)
    throw CalendarEventFailure.invalid('recurrence_id: must be a date or an instant, as the event shows it.', {
      errors: [{ path: 'recurrence_id', message: 'must be a date or an instant, as the event shows it' }],
    })
  const key = recurrenceKeyOf(time, series.master?.dtstart, series.customZones)
  const isKnown = [...series.overrides, ...series.cancelled].some((one) => one.recurrenceKey === key)
  if (!isKnown && series.master?.recurrence === undefined) throw notAnOccurrence()
  const { recurrence: _, ...single } = leading
  return { ...single, recurrenceId: time, recurrenceKey: key }
}

function notAnOccurrence() {
  return CalendarEventFailure.not_an_occurrence('The event has no date with this recurrence_id.')
}

function groupOf(
  ctx: Ctx,
  { requestName }: Request,
  calendarEvent: CalendarEvent,
  stored: StoredSeries,
  method: 'REQUEST' | 'CANCEL',
  vevent: Vevent,
): IncomingGroup {
  const { clientUid, client, displayZone, organizerAddress, organizerName, seriesBlobKey } = calendarEvent
  const { customZones } = stored.series
  return {
    ...namedBy(ctx, requestName),
    incoming: { method, uid: clientUid, vevents: [vevent], customZones, warnings: [] },
    who: { address: organizerAddress, name: organizerName, isForwarded: false },
    client,
    displayZone,
    basedOn: seriesBlobKey,
  }
}

function nothing({ eventId }: CalendarEvent): Effect {
  return { operations: [], result: { kind: 'ignored', reason: 'no_change', eventId, notices: [] } }
}

function namedBy(ctx: Ctx, requestName: string): Required<Asked> {
  return {
    mailId: requestName,
    recipient: '',
    ordinal: 0,
    expiresAt: Math.floor(ctx.clock.now() / 1000) + DONE_SECONDS,
  }
}

/** Applies once, publishes what was promised, and answers the event as it is then. A refusal is thrown, never kept. */
async function apply(ctx: Ctx, requestName: string, effect: (own: Ctx) => Promise<Effect>): Promise<CalendarEvent> {
  const own = withOwnRecurrence(ctx)
  const result = await applyOnce(own, namedBy(ctx, requestName), async () => granted(await effect(own)))
  for (const { topicName, body } of result.notices)
    if (topicName !== 'event-created') await ctx.topics.publish(topicName, body)
  if (result.eventId === undefined) throw CalendarEventFailure.too_large('The event is too large to be stored.')
  return getEvent(ctx, result.eventId)
}

function granted(effect: Effect): Effect {
  const { kind, reason }: GroupResult = effect.result
  if (reason === 'events_per_organizer')
    throw LimitFailure.events_per_organizer('This organizer has as many events as he may have.')
  if (isNotOrganizer(reason)) refuseNotOrganizer(reason)
  if (kind === 'quarantined' || kind === 'refused')
    throw CalendarEventFailure.invalid('The event cannot be sent as it would be.', {
      errors: [{ path: 'rrule', message: reason }],
    })
  return effect
}

function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf('@'))
}
