import type { CalendarEvent } from '../calendar-event/calendar-event.ts'
import type { Ctx } from '../context.ts'
import { Chunk } from '../send-ledger/chunk.ts'
import { isFinished, Ledger, ledgerKey, readEntries } from '../send-ledger/ledger.ts'
import { FanOut, fanOutChunkId, fanOutKey } from './fan-out.ts'

/** Pages looked at in one read. */
const PAGES_A_READ = 100
/** Reads for one attendee of a large event; each leaves a hundredth of its pages. */
const READS_MAX = 4

/**
 * Which of these people a fan-out of the event's present state is still to mail, or has mailed without a record of it: who sends them the same now
 * may double it. Of none when the fan-outs are through with them. An event of a million is looked through by a few reads.
 */
export async function heldByFanOut(
  ctx: Ctx,
  { eventId, sequence, lastWholeSequence }: CalendarEvent,
  invitationIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const held = new Set<string>()
  if (invitationIds.length === 0) return held
  for (const of of new Set([lastWholeSequence, sequence])) {
    const row = await ctx.table.get(fanOutKey({ eventId, sequence: of }))
    if (row === undefined) continue
    const fan = FanOut.parse(row)
    // Where it has not come yet it may come in this moment.
    if (fan.state === 'running') return new Set(invitationIds)
    for (const invitationId of await unsure(ctx, fan, invitationIds)) held.add(invitationId)
  }
  return held
}

async function unsure(ctx: Ctx, fan: FanOut, invitationIds: readonly string[]): Promise<readonly string[]> {
  const chunks = new Map<string, TableChunk>()
  for (const invitationId of invitationIds) {
    const known = [...chunks.values()].find(({ chunk }) => chunk.invitationIds.includes(invitationId))
    const found = known ?? (await find(ctx, fan, invitationId))
    if (found !== undefined) chunks.set(found.chunk.ledgerId, found)
  }
  const left: string[] = []
  for (const { chunk, isOver } of chunks.values()) {
    if (isOver) continue
    const entries = await readEntries(ctx, chunk.ledgerId)
    for (const [index, invitationId] of chunk.invitationIds.entries()) {
      const isCertain = (entries.get(index)?.state ?? 'RETRY') !== 'RETRY'
      if (!isCertain && invitationIds.includes(invitationId)) left.push(invitationId)
    }
  }
  return left
}

type TableChunk = { readonly chunk: Chunk; readonly page: number; readonly isOver: boolean }

/** Pages are in the order of ids: looked at evenly, they tell between which two of them he is. */
async function find(ctx: Ctx, fan: FanOut, invitationId: string): Promise<TableChunk | undefined> {
  let from = 0
  let to = fan.page - 1
  for (let read = 0; read < READS_MAX && from <= to; read += 1) {
    const step = Math.max(1, Math.ceil((to - from + 1) / PAGES_A_READ))
    const pages = Array.from({ length: Math.ceil((to - from + 1) / step) }, (_, nth) => from + nth * step)
    const looked = await chunksOf(ctx, fan, pages)
    const found = looked.find(({ chunk }) => chunk.invitationIds.includes(invitationId))
    if (found !== undefined || step === 1) return found
    const before = looked.findLast(({ chunk }) => (chunk.invitationIds[0] ?? '') < invitationId)
    const after = looked.find(({ chunk }) => (chunk.invitationIds[0] ?? '') > invitationId)
    from = before === undefined ? from : before.page + 1
    to = after === undefined ? to : after.page - 1
  }
  return undefined
}

/** In order; a page without anybody to mail has none. */
async function chunksOf(ctx: Ctx, fan: FanOut, pages: readonly number[]): Promise<readonly TableChunk[]> {
  const names = new Map(pages.map((page) => [fanOutChunkId(fan, page), page]))
  const rows = await ctx.table.getMany([...names.keys()].map(ledgerKey))
  return rows
    .map((row) => {
      const chunk = Chunk.parse(row)
      return { chunk, page: names.get(chunk.ledgerId) ?? 0, isOver: isFinished(Ledger.parse(row)) }
    })
    .toSorted((a, b) => a.page - b.page)
}
