import type { EventRevised } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type CalendarEvent, eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { isInAudience } from '#tenant-stack/core/fan-out/audience.ts'
import { FanOut, fanOutChunkId, fanOutKey } from '#tenant-stack/core/fan-out/fan-out.ts'
import { listInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { CHUNK_ATTENDEES_MAX, findChunk, planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'
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
        ? await save(ctx, { ...fan, state: 'superseded' })
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
  const cursor = invitationIds.length === 0 ? page.cursor : await planOnce(ctx, fan, invitationIds, page.cursor)
  const { cursor: _cursor, ...rest } = fan
  if (cursor === undefined) return save(ctx, { ...rest, page: fan.page + 1, state: 'done' })
  return save(ctx, { ...rest, page: fan.page + 1, cursor })
}

/** Plans a page's chunk and tells where to go on: as the first run planned it, when this one is the second. */
async function planOnce(
  ctx: Ctx,
  fan: FanOut,
  invitationIds: readonly string[],
  nextCursor: string | undefined,
): Promise<string | undefined> {
  const chunkId = fanOutChunkId(fan, fan.page)
  let goOn = nextCursor
  try {
    await ctx.table.transact([
      {
        kind: 'check',
        key: eventKey(fan.eventId),
        when: { attribute: 'lastWholeSequence', is: '<=', value: fan.sequence },
      },
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
    if (planned !== undefined) goOn = planned.nextCursor
  }
  await publish(ctx, 'chunk-planned', { chunkId })
  return goOn
}

async function save(ctx: Ctx, fan: FanOut): Promise<FanOut> {
  await ctx.table.write({
    kind: 'update',
    key: fanOutKey(fan),
    set: { state: fan.state, page: fan.page, ...(fan.cursor === undefined ? {} : { cursor: fan.cursor }) },
    remove: [...(fan.cursor === undefined ? ['cursor'] : []), ...(fan.state === 'running' ? [] : finishedRemoves)],
  })
  return fan
}
