import type { Ctx } from '../context.ts'
import { COUNTER_SHARDS, dayName, touchedPartition } from './counters.ts'

/** No event of any tenant is older: where looking for what was never rolled up begins. */
const FIRST_MONTH = '2026-01'

const DAY_MS = 86_400_000

/** Days behind `after` up to and including `through`, `YYYY-MM-DD`; without `after`, from the first. */
export type Days = { readonly after: string | undefined; readonly through: string }

/** Ids of the events of which something was counted on those days, each once. */
export async function touchedEvents(ctx: Ctx, { after, through }: Days): Promise<readonly string[]> {
  const eventIds = new Set<string>()
  const first = after === undefined ? `${FIRST_MONTH}-01` : dayBehind(after)
  for (const month of monthsOf(first, through))
    await Promise.all(
      Array.from({ length: COUNTER_SHARDS }, async (_, shard) => {
        let cursor: string | undefined
        do {
          const page = await ctx.table.query({
            index: 'gsi1',
            pk: touchedPartition(month, shard),
            sk: { between: [first, `${through}~`] },
            limit: 1000,
            ...(cursor === undefined ? {} : { cursor }),
          })
          for (const { gsi1sk = '' } of page.items) eventIds.add(gsi1sk.slice(11))
          cursor = page.cursor
        } while (cursor !== undefined)
      }),
    )
  return [...eventIds]
}

/** The next day. */
export function dayBehind(day: string): string {
  return dayName(Date.parse(`${day}T00:00:00Z`) + DAY_MS)
}

function monthsOf(first: string, last: string): readonly string[] {
  const months: string[] = []
  // Four days behind a 28th it is the next month, whatever its length.
  for (
    let month = first.slice(0, 7);
    month <= last.slice(0, 7);
    month = dayName(Date.parse(`${month}-28`) + 4 * DAY_MS).slice(0, 7)
  )
    months.push(month)
  return months
}
