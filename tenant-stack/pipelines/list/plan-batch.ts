import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { type CalendarEvent, eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { addDay, addTotals } from '#tenant-stack/core/counters/counters.ts'
import { invitationIdOf, invitationKey, newInvitation } from '#tenant-stack/core/invitation/invitation.ts'
import { takeQuota } from '#tenant-stack/core/limits/take-quota.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { publish } from '#tenant-stack/core/publish.ts'
import { stillHeld } from '#tenant-stack/core/recipient-list/left-people.ts'
import { publishNotices, toldOf } from '#tenant-stack/core/recipient-list/list-notices.ts'
import { changeList, getList, listWrites } from '#tenant-stack/core/recipient-list/list-store.ts'
import {
  ListFailure,
  type ListWait,
  listChunkId,
  type RecipientList,
} from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { planChunkOperation } from '#tenant-stack/core/send-ledger/chunk.ts'
import { isSendingStopped } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { type Classified, classifyRows, type Person, refusedOf, type WalkedRow } from './classify-rows.ts'
import { counted, keepRefused } from './refused-rows.ts'

const DAY_MS = 86_400_000
/** Mails of a cancelled list that are on their way are looked at again so soon. */
const OTHER_LIST_LOOK_MS = 60_000
/** Somebody may invite one of them at the same moment: decided anew, at most so often. */
const TRIES = 6

/**
 * Plans the invitations of some lines: rows, chunk, counters and the list's row in one transaction, so that each person is planned once. Where
 * the day's limit is reached the list waits for the next; what an event's limit leaves out is refused with that reason. Where a cancelled list may
 * still be sending to somebody it waits until that is certain: he is to be sent one invite.
 */
export async function planBatch(
  ctx: Ctx,
  list: RecipientList,
  calendarEvent: CalendarEvent,
  walked: readonly WalkedRow[],
): Promise<RecipientList> {
  for (let attempt = 1; ; attempt += 1) {
    const classified = await classifyRows(ctx, calendarEvent, walked)
    const quota = await takeQuota(ctx, {
      eventId: list.eventId,
      organizerAddress: calendarEvent.organizerAddress,
      wanted: classified.people.filter(({ unsent }) => unsent === undefined).length,
    })
    const share = shareOf(classified, { ...quota, held: await heldOf(ctx, classified.people) }, walked)
    await keepRefused(ctx, list, share.refused)
    const after = afterOf(ctx, list, share)
    try {
      if (share.people.length === 0) return await changeList(ctx, list, after)
      const also = (await isSendingStopped(ctx)) ? (['stopped'] as const) : []
      const written = toldOf(list, { ...list, ...after, version: list.version + 1 }, also)
      await ctx.table.transact(operationsOf(ctx, { list, after: written, calendarEvent, people: share.people }))
      await publish(ctx, 'chunk-planned', { chunkId: listChunkId(list.listId, list.chunks) })
      await publishNotices(ctx, list, written)
      return written
    } catch (error) {
      if (!isFailure(error, 'table.condition_failed') && !isFailure(error, 'table.conflict')) throw error
      await quota.giveBack(quota.taken)
      if ((await getList(ctx, list.listId)).version !== list.version)
        throw ListFailure.changed_meanwhile('The list has changed meanwhile.')
      if (attempt >= TRIES) throw error
    }
  }
}

async function heldOf(ctx: Ctx, people: readonly Person[]): Promise<ReadonlySet<Person>> {
  const held = await stillHeld(
    ctx,
    people.flatMap(({ unsent }) => unsent ?? []),
  )
  return new Set(people.filter(({ unsent }) => unsent !== undefined && held.has(unsent)))
}

type Share = Classified & {
  /** The next batch begins behind it. */
  readonly row: number
  readonly waits?: ListWait
}

/** What of a batch has a place now. */
function shareOf(
  { people, refused }: Classified,
  quota: {
    readonly taken: number
    readonly bound: 'invites_per_event' | 'sends_per_day'
    /** Who may still be sent something by a cancelled list. */
    readonly held: ReadonlySet<Person>
  },
  walked: readonly WalkedRow[],
): Share {
  const last = walked.at(-1)?.row.row ?? 0
  let places = quota.taken
  const placed: Person[] = []
  const upTo = ({ row }: Person, waits: ListWait): Share => ({
    people: placed,
    refused: refused.filter((one) => one.row < row),
    row: row - 1,
    waits,
  })
  for (const person of people) {
    if (quota.held.has(person)) return upTo(person, 'other_list')
    if (person.unsent === undefined) {
      if (places === 0 && quota.bound === 'sends_per_day') return upTo(person, 'sends_per_day')
      if (places === 0) continue
      places -= 1
    }
    placed.push(person)
  }
  const left = people.filter((person) => !placed.includes(person)).map((person) => refusedOf(person, 'over_limit'))
  return { people: placed, refused: [...refused, ...left], row: last }
}

function afterOf({ clock }: Ctx, list: RecipientList, { people, refused, row, waits }: Share): Partial<RecipientList> {
  const now = clock.now()
  const until = {
    sends_per_day: (Math.floor(now / DAY_MS) + 1) * DAY_MS,
    other_list: now + OTHER_LIST_LOOK_MS,
  }
  return {
    row,
    refused: counted(list.refused, refused),
    planned: list.planned + people.length,
    chunks: list.chunks + (people.length === 0 ? 0 : 1),
    waitsUntil: waits === undefined ? undefined : until[waits],
    waitsFor: waits,
  }
}

function operationsOf(
  ctx: Ctx,
  input: {
    readonly list: RecipientList
    readonly after: RecipientList
    readonly calendarEvent: CalendarEvent
    readonly people: readonly Person[]
  },
): readonly WriteOperation[] {
  const { list, after, calendarEvent, people } = input
  const { listId, eventId } = list
  const ofList = { listId, listChunk: list.chunks }
  const chunkId = listChunkId(listId, list.chunks)
  const fresh = people.filter(({ unsent }) => unsent === undefined)
  return [
    { kind: 'check', key: eventKey(eventId), when: { attribute: 'status', is: '=', value: 'confirmed' } },
    ...fresh.map((person): WriteOperation => {
      const invitation = newInvitation(ctx, { ...person, eventId, channel: 'list', ofList })
      return {
        kind: 'put',
        item: { ...invitationKey(eventId, invitation.invitationId), ...invitation },
        when: { row: 'absent' },
      }
    }),
    // From now on they are this list's.
    ...people.flatMap(({ unsent }): readonly WriteOperation[] =>
      unsent === undefined
        ? []
        : [
            {
              kind: 'update',
              key: invitationKey(eventId, unsent.invitationId),
              set: ofList,
              when: {
                allOf: [
                  { attribute: 'sentState', is: '=', value: 'planned' },
                  { attribute: 'listId', is: '=', value: unsent.listId ?? '' },
                ],
              },
            },
          ],
    ),
    ...(fresh.length === 0
      ? []
      : [
          addTotals(ctx, eventId, chunkId, { invited: fresh.length, channel_list: fresh.length }),
          addDay(ctx, eventId, ctx.clock.now(), chunkId, { invited: fresh.length }),
        ]),
    planChunkOperation(ctx, {
      chunkId,
      eventId,
      kind: 'invite',
      sequence: calendarEvent.sequence,
      invitationIds: people.map(({ address }) => invitationIdOf(ctx, eventId, normalizeAddress(address))),
      topicName: 'chunk-planned',
      listId,
    }),
    ...listWrites(ctx, list, after),
  ]
}
