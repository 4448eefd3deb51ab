import type { ProposalAccepted } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { withContentHash } from '#shared/icalendar/content-hash.ts'
import type { Series, Vevent } from '#shared/icalendar/model.ts'
import { applyDecision } from '#shared/itip/apply-decision.ts'
import { decideOrganizer } from '#shared/itip/decide-organizer.ts'
import type { IncomingItip } from '#shared/itip/decisions.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getContent, getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { nextDtstamp } from '#tenant-stack/core/event-change/event-content.ts'
import { occurrencesOf } from '#tenant-stack/core/event-change/occurrences-of.ts'
import { reviseEvent } from '#tenant-stack/core/event-change/revise-event.ts'
import { invitationKey } from '#tenant-stack/core/invitation/invitation.ts'
import { isStale, keyOf, type Proposal } from '#tenant-stack/core/proposal/proposal.ts'
import { findProposal } from '#tenant-stack/core/proposal/proposal-store.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { finishedRemoves } from '#tenant-stack/core/unfinished.ts'

/** The organizer may change the event at the same moment: decided on what is stored then, at most so often. */
const TRIES = 6

/**
 * Moves an event to the time that its organizer took over, by the way of an update that he mails: SEQUENCE + 1, answers start anew, the audience is
 * told, and who proposed it. When the event has moved otherwise meanwhile, nothing happens and the proposal is stale.
 */
export async function moveToProposal(ctx: Ctx, { proposalId }: ProposalAccepted): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const proposal = await findProposal(ctx, proposalId)
    if (proposal?.state !== 'accepting') return
    try {
      return await move(ctx, proposal)
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace || attempt >= TRIES) throw error
    }
  }
}

async function move(ctx: Ctx, proposal: Proposal): Promise<void> {
  const calendarEvent = await getEvent(ctx, proposal.eventId)
  const revised = isStale(proposal, calendarEvent) ? undefined : await revisionOf(ctx, proposal, calendarEvent)
  if (revised === undefined) return ctx.table.write(ended(proposal, { state: 'stale' }))
  const acceptedSequence = calendarEvent.sequence + 1
  await ctx.table.transact([
    ...revised.operations,
    ended(proposal, { state: 'accepted', acceptedSequence }),
    {
      kind: 'update',
      key: invitationKey(proposal.eventId, proposal.invitationId),
      set: { hearsOf: acceptedSequence },
      when: { row: 'present' },
    },
  ])
  await publish(ctx, 'event-updated', { eventId: proposal.eventId, sequence: acceptedSequence })
}

function ended({ proposalId }: Proposal, set: { readonly [name: string]: string | number }): WriteOperation {
  return {
    kind: 'update',
    key: keyOf(proposalId),
    set,
    remove: finishedRemoves,
    when: { attribute: 'state', is: '=', value: 'accepting' },
  }
}

/** The writes of the update that the organizer would have mailed; undefined when it would change nothing, or cannot be sent. */
async function revisionOf(ctx: Ctx, proposal: Proposal, calendarEvent: CalendarEvent) {
  const { stored } = await getContent(ctx, calendarEvent.seriesBlobKey)
  const vevent = movedVevent(ctx, stored.series, proposal)
  if (vevent === undefined) return undefined
  const incoming: IncomingItip = {
    method: 'REQUEST',
    uid: stored.series.uid,
    vevents: [vevent],
    customZones: stored.series.customZones,
    warnings: [],
  }
  const { organizerAddress: address, organizerName: name, displayZone, client } = calendarEvent
  const who = { address, name, isForwarded: false }
  const occurrences = await occurrencesOf(ctx, incoming, stored)
  if (occurrences === undefined) return undefined
  const decision = decideOrganizer({ incoming, stored, who, occurrences })
  const after = applyDecision(stored, decision, who)
  if (decision.kind !== 'update' || after === undefined) return undefined
  const group = { mailId: proposal.mailId, recipient: '', ordinal: 0, incoming, who, client, displayZone }
  const effect = await reviseEvent(ctx, { group, calendarEvent, decision, stored: after })
  return effect.result.kind === 'acted' ? effect : undefined
}

/**
 * The component at its new time. It keeps the client's SEQUENCE, so that whatever the organizer's calendar sends next is the newer one, and has a
 * DTSTAMP of now, so that what it has sent before is not.
 */
function movedVevent(ctx: Ctx, series: Series, { to, recurrenceId, recurrenceKey }: Proposal): Vevent | undefined {
  const override = series.overrides.find((one) => one.recurrenceKey === recurrenceKey)
  const base = override ?? series.master
  if (base === undefined) return undefined
  const moved = {
    ...base,
    ...to,
    isAllDay: to.dtstart.kind === 'date',
    dtstamp: nextDtstamp(ctx, base.dtstamp),
  }
  if (recurrenceKey === undefined || override !== undefined) return withContentHash(moved)
  if (recurrenceId === undefined) return undefined
  const { recurrence: _rule, ...single } = moved
  return withContentHash({ ...single, recurrenceId, recurrenceKey })
}
