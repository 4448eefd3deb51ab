import type { Context } from 'aws-lambda'
import { watchCell } from '#tenant-stack/cell/watch-cell.ts'
import { wireCell } from '#tenant-stack/wire-cell.ts'

/** Room for the object under way when the time is up, and for the line that says how the cell is. */
const ROOM_MS = 60_000

const ctx = wireCell(process.env)

/** The Lambda entry of the cell's sweep; one that throws is tried again by its next schedule, and the alarm hears its silence. */
export async function handler(_scheduled: unknown, lambdaContext: Context): Promise<void> {
  await watchCell(ctx, { until: ctx.clock.now() + lambdaContext.getRemainingTimeInMillis() - ROOM_MS })
}
