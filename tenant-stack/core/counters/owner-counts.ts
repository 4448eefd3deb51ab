import type { Ctx } from '../context.ts'
import { CounterFailure } from './counter-failure.ts'
import { addInto, type CounterDelta, dayName, type EventCounts } from './counters.ts'
import { forEachEvent, type LiveCounts, readLive } from './live-counts.ts'
import { differenceOf, type Owner, ownerDayKey, ownerKey } from './owner.ts'
import { closedDay } from './roll-up.ts'
import { touchedEvents } from './touched-events.ts'

const DAY_MS = 86_400_000

/** Roll-ups meanwhile make what was read a mixture: read anew, at most so often. */
const TRIES = 6

export type OwnerCounts = {
  readonly counts: CounterDelta
  /** Of the asked days, oldest first. */
  readonly days: EventCounts['days']
}

/**
 * The counts of all events of an organizer or of the domain, to the last answer: what is rolled up, and what the events of the days since have
 * counted beyond it. Reads as many events as those days have, however many there are in all.
 */
export async function readOwnerCounts(
  ctx: Ctx,
  owner: Owner,
  range: { readonly since: string; readonly until: string },
): Promise<OwnerCounts> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const before = await ctx.table.get(ownerKey(owner))
    const lives = await liveEventsOf(ctx, owner)
    const rolledDays = await rowsOfOwner(ctx, owner, range)
    const row = await ctx.table.get(ownerKey(owner))
    if (before?.version === row?.version) return sumOf(row ?? {}, rolledDays, lives, range)
  }
  throw CounterFailure.moving('The counters are being added up at this moment; ask again.')
}

/** Events that may have counted something which is not rolled up. */
async function liveEventsOf(ctx: Ctx, owner: Owner): Promise<readonly LiveCounts[]> {
  const lives: LiveCounts[] = []
  // A clock of ours that is ahead of this one may be in tomorrow already.
  const through = dayName(ctx.clock.now() + DAY_MS)
  const eventIds = await touchedEvents(ctx, { after: await closedDay(ctx), through })
  await forEachEvent(eventIds, async (eventId) => {
    const live = await readLive(ctx, eventId)
    if (live !== undefined && (owner === 'domain' || owner.organizerAddress === live.organizerAddress)) lives.push(live)
  })
  return lives
}

/** The rolled-up days of an owner. */
export async function rowsOfOwner(
  ctx: Ctx,
  owner: Owner,
  { since, until }: { readonly since: string; readonly until: string },
) {
  const days = new Map<string, CounterDelta>()
  const [from, to] = [ownerDayKey(owner, since), ownerDayKey(owner, until)]
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      pk: from.pk,
      sk: { between: [from.sk, to.sk] },
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const item of page.items) days.set(item.sk.slice(4), numbersIn(item))
    cursor = page.cursor
  } while (cursor !== undefined)
  return days
}

function sumOf(
  row: { readonly [name: string]: unknown },
  rolledDays: ReadonlyMap<string, CounterDelta>,
  lives: readonly LiveCounts[],
  { since, until }: { readonly since: string; readonly until: string },
): OwnerCounts {
  const { version: _, ...rolled } = numbersIn(row)
  const counts = new Map(Object.entries(rolled))
  const days = new Map([...rolledDays].map(([day, of]) => [day, new Map(Object.entries(of))]))
  for (const live of lives) {
    addInto(counts, differenceOf(live.counts, live.rolled.counts))
    for (const { day, counts: of } of live.days) {
      if (day <= (live.rolled.throughDay ?? '') || day < since || day > until) continue
      const sums = days.get(day) ?? new Map<string, number>()
      days.set(day, sums)
      addInto(sums, of)
    }
  }
  return {
    counts: Object.fromEntries(counts),
    days: [...days]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, of]) => ({ day, counts: Object.fromEntries(of) })),
  }
}

/** The numbers of a row, without its keys. */
export function numbersIn(row: { readonly [name: string]: unknown }): CounterDelta {
  const numbers = new Map<string, number>()
  addInto(numbers, row)
  return Object.fromEntries(numbers)
}
