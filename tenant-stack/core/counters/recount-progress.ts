import * as z from 'zod'
import type { TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'

/** A recount nobody goes on with is forgotten. */
const KEPT_SECONDS = 3600

const Progress = z.object({
  /** Rises with every repair: of two that have found the same difference only one mends it. */
  repairs: z.number().default(0),
  /** How far the rows are counted; absent: not begun. */
  cursor: z.string().optional(),
  sums: z.record(z.string(), z.number()).default({}),
  seen: z.number().default(0),
  /** How the counters stood at the beginning: counters that have moved meanwhile cannot be compared. */
  mark: z.string().default(''),
  /** Epoch seconds. */
  keptUntil: z.number().default(0),
})
export type Progress = z.infer<typeof Progress>

/** What a recount came to. `counting`: more rows than fit one call, ask again; `busy`: what is counted has moved meanwhile, ask again later. */
export type Recounted = {
  readonly state: 'equal' | 'different' | 'repaired' | 'counting' | 'busy'
  /** Rows counted. */
  readonly rows: number
  readonly differences: readonly { readonly name: string; readonly counted: number; readonly rows: number }[]
}

export async function readProgress(ctx: Ctx, key: TableKey): Promise<Progress> {
  const progress = Progress.parse((await ctx.table.get(key)) ?? {})
  return progress.keptUntil > ctx.clock.now() / 1000 ? progress : Progress.parse({ repairs: progress.repairs })
}

/** Keeps how far it is; the sums and the cursor belong together, so that whoever goes on, goes on right. */
export async function keepProgress(ctx: Ctx, key: TableKey, progress: Omit<Progress, 'keptUntil'>): Promise<void> {
  const { cursor = '', sums, seen, mark } = progress
  const keptUntil = Math.floor(ctx.clock.now() / 1000) + KEPT_SECONDS
  await ctx.table.write({ kind: 'update', key, set: { cursor, sums, seen, mark, keptUntil } })
}

export async function forgetProgress(ctx: Ctx, key: TableKey): Promise<void> {
  await ctx.table.write({ kind: 'update', key, remove: ['cursor', 'sums', 'seen', 'mark', 'keptUntil'] })
}

/** Names whose numbers differ. */
export function differencesBetween(
  counted: Readonly<Record<string, number>>,
  rows: Readonly<Record<string, number>>,
): Recounted['differences'] {
  const names = [...new Set([...Object.keys(counted), ...Object.keys(rows)])].toSorted()
  return names
    .map((name) => ({ name, counted: counted[name] ?? 0, rows: rows[name] ?? 0 }))
    .filter((one) => one.counted !== one.rows)
}
