import type { EventRevised } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { isInAudience } from '#tenant-stack/core/fan-out/audience.ts'
import { FanOut, fanOutChunkId, fanOutKey, findFanOut } from '#tenant-stack/core/fan-out/fan-out.ts'
import { summaryNoticeId } from '#tenant-stack/core/fan-out/summary-notice.ts'
import { listInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { CHUNK_ATTENDEES_MAX, findChunk, planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'
import { planLedgerOperation } from '#tenant-stack/core/send-ledger/plan-ledger.ts'
import { finishedRemoves } from '#tenant-stack/core/unfinished.ts'

/** Pages planned in one run, well within its time; then it goes on by its own topic. */
const PAGES_PER_RUN = 200

export type FanOutOutcome = 'done' | 'superseded' | 'gone' | 'continued'

/** Plans the mails of one revision for its audience, page by page; never the whole event at once. */
export async function fanOut(
  ctx: Ctx,
  input: EventRevised,
  topicName: 'event-updated' | 'event-cancelled',
  pagesPerRun: number = PAGES_PER_RUN,
): Promise<FanOutOutcome> {
  const row = await ctx.table.get(fanOutKey(input))
  if (row === undefined) return 'gone'
  let fan = FanOut.parse(row)
  for (let pages = 0; fan.state === 'running'; pages += 1) {
    if (pages === pagesPerRun) {
      await publish(ctx, topicName, input)
      return 'continued'
    }
    const calendarEvent = await findEvent(ctx, input.eventId)
    fan =
      calendarEvent === undefined || calendarEvent.lastWholeSequence > input.sequence
        ? await save(ctx, fan, { ...fan, state: 'superseded' })
        : await planPage(ctx, fan, calendarEvent)
  }
  return fan.state
}

async function planPage(ctx: Ctx, fan: FanOut, calendarEvent: CalendarEvent): Promise<FanOut> {
  const page = await listInvitations(ctx, {
    eventId: fan.eventId,
    limit: CHUNK_ATTENDEES_MAX,
    ...(fan.cursor === undefined ? {} : { cursor: fan.cursor }),
  })
  const audience = calendarEvent.audience ?? ctx.settings.audience
  const invitationIds = page.invitations
    .filter((invitation) => isInAudience(invitation, audience) || invitation.hearsOf === fan.sequence)
    .filter(({ sentState }) => sentState !== 'suppressed')
    .map((invitation) => invitation.invitationId)
  const planned =
    invitationIds.length === 0 ? { cursor: page.cursor, told: 0 } : await planOnce(ctx, fan, invitationIds, page.cursor)
  if (planned === undefined) return save(ctx, fan, { ...fan, state: 'superseded' })
  const { cursor: _cursor, ...rest } = fan
  const after = {
    ...rest,
    page: fan.page + 1,
    told: (fan.told ?? 0) + planned.told,
    seen: (fan.seen ?? 0) + page.invitations.length,
    silent: (fan.silent ?? 0) + page.invitations.filter(({ sentState }) => sentState === 'suppressed').length,
  }
  return planned.cursor === undefined
    ? finish(ctx, fan, { ...after, state: 'done' })
    : save(ctx, fan, { ...after, cursor: planned.cursor })
}

/** Ends it, with the mail that sums it up for the organizer; where nobody has been invited there is nothing to tell. */
async function finish(ctx: Ctx, before: FanOut, fan: FanOut): Promise<FanOut> {
  if (fan.seen === 0) return save(ctx, before, fan)
  const noticeId = summaryNoticeId(fan)
  const plan = planLedgerOperation(ctx, noticeId, { topicName: 'notice-due', body: JSON.stringify({ noticeId }) })
  try {
    await ctx.table.transact([isNewest(fan), saveOperation(before, fan), plan])
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    const calendarEvent = await findEvent(ctx, fan.eventId)
    const isSuperseded = calendarEvent === undefined || calendarEvent.lastWholeSequence > fan.sequence
    return save(ctx, before, isSuperseded ? { ...before, state: 'superseded' } : fan)
  }
  await publish(ctx, 'notice-due', { noticeId })
  return fan
}

/** Holds while no newer change of the whole event has come. */
function isNewest({ eventId, sequence }: FanOut): WriteOperation {
  return { kind: 'check', key: eventKey(eventId), when: { attribute: 'lastWholeSequence', is: '<=', value: sequence } }
}

/** Plans a page's chunk, and tells where to go on and how many it mails: as the first run planned it, when this one is the second. Undefined: a newer change came. */
async function planOnce(
  ctx: Ctx,
  fan: FanOut,
  invitationIds: readonly string[],
  nextCursor: string | undefined,
): Promise<{ readonly cursor: string | undefined; readonly told: number } | undefined> {
  const chunkId = fanOutChunkId(fan, fan.page)
  let goOn = { cursor: nextCursor, told: invitationIds.length }
  try {
    await ctx.table.transact([
      isNewest(fan),
      planChunkOperation(ctx, {
        chunkId,
        eventId: fan.eventId,
        kind: 'revision',
        sequence: fan.sequence,
        invitationIds,
        topicName: 'chunk-planned',
        ...(nextCursor === undefined ? {} : { nextCursor }),
      }),
    ])
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    const planned = await findChunk(ctx, chunkId)
    if (planned === undefined) return undefined
    goOn = { cursor: planned.nextCursor, told: planned.invitationIds.length }
  }
  await publish(ctx, 'chunk-planned', { chunkId })
  return goOn
}

/** Goes on from where it was read; where a twin has gone on meanwhile, from there. */
async function save(ctx: Ctx, before: FanOut, fan: FanOut): Promise<FanOut> {
  try {
    await ctx.table.write(saveOperation(before, fan))
    return fan
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return (await findFanOut(ctx, fan)) ?? { ...fan, state: 'superseded' }
  }
}

function saveOperation(before: FanOut, fan: FanOut): WriteOperation {
  const { state, page, cursor, told = 0, seen = 0, silent = 0 } = fan
  return {
    kind: 'update',
    key: fanOutKey(fan),
    set: { state, page, told, seen, silent, ...(cursor === undefined ? {} : { cursor }) },
    remove: [...(cursor === undefined ? ['cursor'] : []), ...(fan.state === 'running' ? [] : finishedRemoves)],
    when: {
      allOf: [
        { attribute: 'state', is: '=', value: 'running' },
        { attribute: 'page', is: '=', value: before.page },
      ],
    },
  }
}
