import * as z from 'zod'
import { controlSweepNames } from '#control-plane/manifest.ts'
import { wireSweeps } from '#control-plane/wire-aws.ts'
import { sweepsWork } from '#control-plane/work/sweeps-work.ts'

const ctxOf = wireSweeps(process.env)

/** What each schedule says of itself. */
const Due = z.object({ sweep: z.enum(controlSweepNames()) })

/** The Lambda entry of every sweep; one that throws is tried again by its next schedule, and the alarm hears it. */
export async function handler(due: unknown): Promise<void> {
  const { sweep } = Due.parse(due)
  await sweepsWork[sweep](await ctxOf())
}
