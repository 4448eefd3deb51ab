import * as z from 'zod'
import { sweepNames } from '#tenant-stack/manifest.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { wireAws } from '#tenant-stack/wire-aws.ts'

const ctx = wireAws(process.env)

/** What each schedule says of itself. */
const Due = z.object({ sweep: z.enum(sweepNames()) })

/** The Lambda entry of every sweep; one that throws is tried again by its next schedule. */
export async function handler(due: unknown): Promise<void> {
  const { sweep } = Due.parse(due)
  await sweepHandlers[sweep](ctx)
}
