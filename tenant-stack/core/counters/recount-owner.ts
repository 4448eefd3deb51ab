import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import { listIndex } from '../calendar-event/list-index.ts'
import type { Ctx } from '../context.ts'
import { addInto, type CounterDelta } from './counters.ts'
import { forEachEvent, readLive } from './live-counts.ts'
import { differenceOf, type Owner, ownerDayKey, ownerKey } from './owner.ts'
import { numbersIn, rowsOfOwner } from './owner-counts.ts'
import {
  differencesBetween,
  forgetProgress,
  keepProgress,
  type Progress,
  type Recounted,
  readProgress,
} from './recount-progress.ts'

const EVENTS_A_PAGE = 100
/** What one call adds up: some seconds, where API Gateway waits 29. */
const PAGES_A_CALL = 10
/** Days mended in one transaction of a hundred; what is left is mended by the next call. */
const DAYS_A_REPAIR = 90

/**
 * Adds up, event by event, what was rolled up of each and compares it with the sums of the organizer or the domain. Sums and notes move together
 * and raise the sums' version, so a version that stands still makes the comparison exact whatever is counted meanwhile. Whether an event's
 * own counters are right, `recountEvent` tells.
 */
export async function recountOwner(
  ctx: Ctx,
  { owner, isRepair }: { readonly owner: Owner; readonly isRepair: boolean },
): Promise<Recounted> {
  const key = { pk: ownerKey(owner).pk, sk: 'recount' }
  const kept = await readProgress(ctx, key)
  const version = async () => String(numbersIn((await ctx.table.get(ownerKey(owner))) ?? {}).version ?? 0)
  const progress = await addFurther(ctx, owner, kept.cursor === undefined ? { ...kept, mark: await version() } : kept)
  const { sums, seen, mark } = progress
  if (progress.cursor !== undefined) {
    await keepProgress(ctx, key, progress)
    return { state: 'counting', rows: seen, differences: [] }
  }
  if (kept.cursor !== undefined) await forgetProgress(ctx, key)
  const counted = await countedOf(ctx, owner)
  if ((await version()) !== mark) return { state: 'busy', rows: seen, differences: [] }
  const differences = differencesBetween(counted, sums)
  if (differences.length === 0 || !isRepair)
    return { state: differences.length === 0 ? 'equal' : 'different', rows: seen, differences }
  try {
    await ctx.table.transact(repairOf(owner, Number(mark), differenceOf(sums, counted)))
  } catch (error) {
    if (isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict'))
      return { state: 'busy', rows: seen, differences: [] }
    throw error
  }
  return { state: 'repaired', rows: seen, differences }
}

/** Adds up some pages of events; the cursor is gone when all are read. Counts of a day are named after it. */
async function addFurther(ctx: Ctx, owner: Owner, begun: Progress): Promise<Progress> {
  const sums = new Map(Object.entries(begun.sums))
  let { cursor, seen } = begun
  for (let pages = 0; pages < PAGES_A_CALL; pages += 1) {
    const page = await listIndex(ctx, {
      sort: 'created',
      limit: EVENTS_A_PAGE,
      after: cursor,
      ...(owner === 'domain' ? {} : owner),
    })
    await forEachEvent(
      page.rows.map(({ eventId }) => eventId),
      async (eventId) => {
        const live = await readLive(ctx, eventId)
        if (live === undefined) return
        addInto(sums, live.rolled.counts)
        for (const { day, counts } of live.days)
          if (day <= (live.rolled.throughDay ?? '')) addInto(sums, namedAfter(day, counts))
      },
    )
    seen += page.rows.length
    cursor = page.next
    if (cursor === undefined) break
  }
  const { cursor: _, ...rest } = begun
  return { ...rest, sums: Object.fromEntries(sums), seen, ...(cursor === undefined ? {} : { cursor }) }
}

async function countedOf(ctx: Ctx, owner: Owner): Promise<CounterDelta> {
  const { version: _, ...counted } = numbersIn((await ctx.table.get(ownerKey(owner))) ?? {})
  const sums = new Map(Object.entries(counted))
  const days = await rowsOfOwner(ctx, owner, { since: '0000-00-00', until: '9999-99-99' })
  for (const [day, counts] of days) addInto(sums, namedAfter(day, counts))
  return Object.fromEntries(sums)
}

function namedAfter(day: string, counts: CounterDelta): CounterDelta {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${day} ${name}`, count]))
}

function repairOf(owner: Owner, version: number, missing: CounterDelta): readonly WriteOperation[] {
  const totals: Record<string, number> = {}
  const days = new Map<string, Record<string, number>>()
  for (const [name, count] of Object.entries(missing)) {
    const [day = '', ofDay] = name.split(' ')
    if (ofDay === undefined) totals[name] = count
    else days.set(day, { ...days.get(day), [ofDay]: count })
  }
  return [
    {
      kind: 'update',
      key: ownerKey(owner),
      add: { ...totals, version: 1 },
      when: version === 0 ? { attribute: 'version', is: 'absent' } : { attribute: 'version', is: '=', value: version },
    },
    ...[...days].slice(0, DAYS_A_REPAIR).map(
      ([day, add]): WriteOperation => ({
        kind: 'update',
        key: ownerDayKey(owner, day),
        add,
      }),
    ),
  ]
}
