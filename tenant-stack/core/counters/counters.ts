import type { WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** Writers of one event's counters are spread over this many rows, so that no one of them is hot. */
export const COUNTER_SHARDS = 8

export type CounterDelta = { readonly [name: string]: number }

function shardOf(ctx: Ctx, writer: string): number {
  return Number.parseInt(ctx.sha256(writer).slice(0, 4), 16) % COUNTER_SHARDS
}

/** Counts for the event's whole life: invited, sent, failed, by channel. `writer` picks the shard. */
export function addTotals(ctx: Ctx, eventId: string, writer: string, add: CounterDelta): WriteOperation {
  return { kind: 'update', key: { pk: `count#${eventId}`, sk: `total#${shardOf(ctx, writer)}` }, add }
}

/** Counts of answers since the revision that last reset them; a reset begins a new epoch at 0. */
export function addAnswers(
  ctx: Ctx,
  eventId: string,
  lastResetSequence: number,
  writer: string,
  add: CounterDelta,
): WriteOperation {
  const epoch = String(lastResetSequence).padStart(10, '0')
  return { kind: 'update', key: { pk: `count#${eventId}`, sk: `answers#${epoch}#${shardOf(ctx, writer)}` }, add }
}

/**
 * Counts by UTC day, for the series over time. It goes with every other count of the event: its index entry is how the roll-up finds out
 * that something of the event was counted on that day, without a row and a write of its own.
 */
export function addDay(ctx: Ctx, eventId: string, epochMs: number, writer: string, add: CounterDelta): WriteOperation {
  const day = dayName(epochMs)
  const shard = shardOf(ctx, writer)
  return {
    kind: 'update',
    key: { pk: `count#${eventId}`, sk: `day#${day}#${shard}` },
    set: { gsi1pk: touchedPartition(day, shard), gsi1sk: `${day}#${eventId}` },
    add,
  }
}

/** `YYYY-MM-DD`, UTC. */
export function dayName(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10)
}

/** Index partition of one month's counted events; as many as shards, so that none of them is hot. */
export function touchedPartition(day: string, shard: number): string {
  return `touched#${day.slice(0, 7)}#${shard}`
}

/** The same counts kept by the invitation itself, in the write that its state needs anyway: what a recount adds up. */
export function tallied(counted: CounterDelta): CounterDelta {
  return Object.fromEntries(Object.entries(counted).map(([name, count]) => [`${TALLY}${name}`, count]))
}

export const TALLY = 'tally_'

export type EventCounts = {
  readonly totals: CounterDelta
  readonly answers: CounterDelta
  /** Oldest first. */
  readonly days: readonly { readonly day: string; readonly counts: CounterDelta }[]
}

/** Sums the shards. */
export async function readCounts(ctx: Ctx, eventId: string, lastResetSequence: number): Promise<EventCounts> {
  const totals = new Map<string, number>()
  const answers = new Map<string, number>()
  const days = new Map<string, Map<string, number>>()
  const epoch = `answers#${String(lastResetSequence).padStart(10, '0')}#`
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      pk: `count#${eventId}`,
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const { pk: _pk, sk, ...counts } of page.items) {
      if (sk.startsWith('total#')) addInto(totals, counts)
      else if (sk.startsWith(epoch)) addInto(answers, counts)
      else if (sk.startsWith('day#')) addInto(dayOf(days, sk.slice(4, 14)), counts)
    }
    cursor = page.cursor
  } while (cursor !== undefined)
  return {
    totals: Object.fromEntries(totals),
    answers: Object.fromEntries(answers),
    days: [...days].map(([day, counts]) => ({ day, counts: Object.fromEntries(counts) })),
  }
}

function dayOf(days: Map<string, Map<string, number>>, day: string): Map<string, number> {
  const found = days.get(day) ?? new Map<string, number>()
  days.set(day, found)
  return found
}

/** Adds the numbers of a row to sums by name. */
export function addInto(sums: Map<string, number>, counts: { readonly [name: string]: unknown }): void {
  for (const [name, count] of Object.entries(counts))
    if (typeof count === 'number') sums.set(name, (sums.get(name) ?? 0) + count)
}
