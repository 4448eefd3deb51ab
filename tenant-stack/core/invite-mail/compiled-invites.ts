import { compileInvite } from '#shared/imip/compose/compile-invite.ts'
import { oneLine } from '#shared/imip/compose/header-text.ts'
import type { CompiledInvite } from '#shared/imip/invite-revision.ts'
import type { CalendarEvent, EventRevision } from '../calendar-event/calendar-event.ts'
import { CalendarEventFailure } from '../calendar-event/calendar-event.ts'
import { getContent } from '../calendar-event/event-store.ts'
import type { Ctx } from '../context.ts'
import type { Brand } from '../mail-template/brand.ts'
import { brandOf } from '../mail-template/read-brand.ts'
import { calledOffVevent } from './called-off-vevent.ts'
import { inviteTexts, leadingVevent } from './invite-texts.ts'

/** Compiled revisions kept per worker: a list works on one, single sends on a few. */
const COMPILED_KEPT = 16

const caches = new WeakMap<Ctx, Map<string, CompiledInvite>>()

/** A revision made ready to be spliced: as an invitation (`isFirst`) or as news of a change. Compiled once per worker. */
export async function compiledInvite(
  ctx: Ctx,
  input: { readonly calendarEvent: CalendarEvent; readonly revision: EventRevision; readonly isFirst: boolean },
): Promise<CompiledInvite> {
  const cache = caches.get(ctx) ?? new Map<string, CompiledInvite>()
  caches.set(ctx, cache)
  const { eventId, sequence, kind, changed, resetsAnswers } = input.revision
  const brand = await brandOf(ctx)
  const name = [eventId, brand.version, sequence, kind, input.isFirst, resetsAnswers, ...changed].join('#')
  const kept = cache.get(name)
  if (kept !== undefined) return kept
  const compiled = await compile(ctx, { ...input, brand })
  const [oldest] = cache.keys()
  if (cache.size >= COMPILED_KEPT && oldest !== undefined) cache.delete(oldest)
  cache.set(name, compiled)
  return compiled
}

async function compile(
  ctx: Ctx,
  input: {
    readonly brand: Brand
    readonly calendarEvent: CalendarEvent
    readonly revision: EventRevision
    readonly isFirst: boolean
  },
): Promise<CompiledInvite> {
  const { brand, calendarEvent, revision } = input
  const content = await getContent(ctx, revision.seriesBlobKey)
  const vevent =
    revision.kind === 'cancel_instances'
      ? calledOffVevent(content.stored.series, revision.recurrenceKeys[0])
      : leadingVevent(content)
  if (vevent === undefined) throw CalendarEventFailure.not_found('The event has no component to send.')
  return compileInvite({
    method: revision.kind === 'request' ? 'REQUEST' : 'CANCEL',
    uid: calendarEvent.uid,
    sequence: revision.sequence,
    dtstamp: revision.dtstamp,
    domainName: ctx.settings.domainName,
    organizerName: oneLine(calendarEvent.organizerName),
    ...(revision.kind === 'cancel_instances' ? { onlyRecurrenceKeys: revision.recurrenceKeys } : {}),
    series: content.sendable,
    ...inviteTexts(ctx.settings, { brand, calendarEvent, revision, vevent, isFirst: input.isFirst }),
  })
}
