import * as z from 'zod'
import type { TableQuery, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import type { CounterDelta } from '../counters/counters.ts'
import { sortableTime } from '../unfinished.ts'

/** Every sender of the tenant counts here, whatever the event: more rows than for one event's counters. */
const USAGE_SHARDS = 32

/** A little more than a licence's year. */
const USAGE_ROW_SECONDS = 400 * 24 * 3600

const DAY_MS = 24 * 3600 * 1000

const Counted = z.object({
  invitationsSent: z.number().default(0),
  bounced: z.number().default(0),
  complained: z.number().default(0),
})
const Received = z.object({ mailId: z.string() })

/** What a tenant did on one UTC day. */
export type Usage = { readonly events: number; readonly invitationsSent: number; readonly mailsReceived: number }

/** Counts for the tenant's UTC day, in the transaction of what is counted. `writer` picks the shard. */
export function addUsage(ctx: Ctx, epochMs: number, writer: string, add: CounterDelta): WriteOperation {
  const shard = Number.parseInt(ctx.sha256(writer).slice(0, 4), 16) % USAGE_SHARDS
  return {
    kind: 'update',
    key: { pk: usagePartition(dayOf(epochMs)), sk: String(shard).padStart(2, '0') },
    set: { expiresAt: Math.floor(epochMs / 1000) + USAGE_ROW_SECONDS },
    add,
  }
}

/** Usage of a UTC day (`YYYY-MM-DD`) so far. */
export async function readUsage(ctx: Ctx, day: string): Promise<Usage> {
  const from = Date.parse(`${day}T00:00:00Z`)
  const within = { between: [sortableTime(from), `${sortableTime(from + DAY_MS - 1)}~`] } as const
  let invitationsSent = 0
  let events = 0
  const mailIds = new Set<string>()
  for await (const row of rowsOf(ctx, { pk: usagePartition(day) }))
    invitationsSent += Counted.parse(row).invitationsSent
  for await (const _row of rowsOf(ctx, { pk: `events#${day.slice(0, 7)}`, sk: within })) events += 1
  // One mail to several mailboxes is several rows.
  for await (const row of rowsOf(ctx, { index: 'gsi1', pk: `inbound#${day}` })) mailIds.add(Received.parse(row).mailId)
  return { events, invitationsSent, mailsReceived: mailIds.size }
}

/** Mails of the UTC day of an instant: handed over, and what was told of them on that day. */
export async function readMailCounts(ctx: Ctx, epochMs: number) {
  const counts = { sent: 0, bounced: 0, complained: 0 }
  for await (const row of rowsOf(ctx, { pk: usagePartition(dayOf(epochMs)) })) {
    const { invitationsSent, bounced, complained } = Counted.parse(row)
    counts.sent += invitationsSent
    counts.bounced += bounced
    counts.complained += complained
  }
  return counts
}

async function* rowsOf(ctx: Ctx, query: Omit<TableQuery, 'limit' | 'cursor'>) {
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({ ...query, limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    yield* page.items
    cursor = page.cursor
  } while (cursor !== undefined)
}

function usagePartition(day: string): string {
  return `usage#${day}`
}

/** The UTC day of an instant. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10)
}
