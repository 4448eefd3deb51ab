import type { Ctx } from '../context.ts'
import { sortableTime } from '../unfinished.ts'
import { CalendarEventFailure } from './calendar-event.ts'
import { createdPartition, ENDLESS_MS, IndexRow, organizerPartition, STARTS_PARTITION } from './event-index.ts'

/** No event is older: where looking back for one ends. */
const FIRST_MONTH = '2026-01'

/** Rows looked at in one call, most of which a filter may leave out: then a page has fewer, and its cursor goes on. */
const LOOKED_AT_MAX = 2000
const ROWS_A_QUERY = 500

/** Behind every start. */
const HIGHEST = '9'.repeat(15)

const CURSOR = /^\d{15}#evt_[0-9a-z]{26}$/

export type EventFilter = {
  /** `-` is descending; a series stands where its last date begins. */
  readonly sort?: 'created' | '-created' | 'start' | '-start'
  readonly status?: IndexRow['status'] | undefined
  readonly organizerAddress?: string | undefined
  /** Epoch milliseconds. */
  readonly createdSince?: number | undefined
  /** `past`: its last date has begun. */
  readonly time?: 'past' | 'future' | undefined
}

/**
 * Index rows of the domain's events, or of one organizer's, in the asked order. The cursor is the key of the last row looked at: what is
 * made meanwhile neither repeats nor hides another.
 */
export async function listIndex(
  ctx: Ctx,
  query: EventFilter & { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly rows: readonly IndexRow[]; readonly next?: string }> {
  if (query.after !== undefined && !CURSOR.test(query.after))
    throw CalendarEventFailure.bad_cursor('This cursor is not one of ours.')
  const rows: IndexRow[] = []
  let seen = 0
  let next = ''
  for await (const { place, row } of walk(ctx, query)) {
    if (rows.length === query.limit || seen === LOOKED_AT_MAX) return { rows, next }
    seen += 1
    next = place
    if (matches(row, query, ctx.clock.now())) rows.push(row)
  }
  return { rows }
}

type Query = Parameters<typeof listIndex>[1]

/** Every index row of the order behind the cursor, read as far as it is wanted. */
async function* walk(ctx: Ctx, query: Query) {
  const { sort = '-created', after, limit } = query
  const isDescending = sort.startsWith('-')
  const { low, high } = rangeOf(ctx, query)
  const isFiltered = query.status !== undefined || query.time !== undefined || query.createdSince !== undefined
  for (const { pk, prefix } of partitionsOf(query, { low, high, isDescending })) {
    let cursor: string | undefined
    do {
      const page = await ctx.table.query({
        pk,
        sk: { between: [prefix + low, prefix + high] },
        descending: isDescending,
        limit: isFiltered ? ROWS_A_QUERY : Math.min(limit + 2, ROWS_A_QUERY),
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const item of page.items) {
        const place = item.sk.slice(prefix.length)
        if (place !== after) yield { place, row: IndexRow.parse(item) }
      }
      cursor = page.cursor
    } while (cursor !== undefined)
  }
}

/** Of sort keys: from the cursor on, and no further than the filter on what is sorted by. */
function rangeOf({ clock }: Ctx, { sort = '-created', after, createdSince, time }: Query) {
  const now = clock.now()
  // A process whose clock is ahead may have made one in what is the future here.
  const newest = now + 86_400_000
  const isByStart = sort.endsWith('start')
  let low = sortableTime(isByStart ? (time === 'future' ? now + 1 : 0) : (createdSince ?? 0))
  let high = `${isByStart ? (time === 'past' ? sortableTime(now) : HIGHEST) : sortableTime(newest)}~`
  if (after !== undefined && sort.startsWith('-') && after < high) high = after
  if (after !== undefined && !sort.startsWith('-') && after > low) low = after
  return { low, high: high < low ? low : high }
}

function partitionsOf(
  { sort = '-created', organizerAddress }: Query,
  { low, high, isDescending }: { readonly low: string; readonly high: string; readonly isDescending: boolean },
): readonly { readonly pk: string; readonly prefix: string }[] {
  const by = sort.endsWith('start') ? 'start' : 'created'
  if (organizerAddress !== undefined) return [{ pk: organizerPartition(organizerAddress), prefix: `${by}#` }]
  if (by === 'start') return [{ pk: STARTS_PARTITION, prefix: '' }]
  const months: string[] = []
  const first = monthOf(Number(low.slice(0, 15)))
  let month = monthOf(Number(high.slice(0, 15)))
  for (; month >= first && month >= FIRST_MONTH; month = monthBefore(month)) months.push(month)
  return (isDescending ? months : months.toReversed()).map((name) => ({ pk: createdPartition(name), prefix: '' }))
}

function matches(row: IndexRow, { status, createdSince, time }: Query, now: number): boolean {
  if (status !== undefined && row.status !== status) return false
  if (createdSince !== undefined && row.createdAt < createdSince) return false
  return time === undefined || (time === 'past') === row.lastStartsAt <= now
}

function monthOf(epochMs: number): string {
  return new Date(Math.min(epochMs, ENDLESS_MS)).toISOString().slice(0, 7)
}

function monthBefore(month: string): string {
  return monthOf(Date.parse(`${month}-01T00:00:00Z`) - 86_400_000)
}
