import * as z from 'zod'
import type { Ctx } from '../context.ts'
import { ExportFailure, findJob, partKey } from './person-job.ts'

const Part = z.object({ text: z.string() })

/** Parts read at once. */
const PARTS_A_READ = 10

/** The file of an export, as `PersonFile` describes it. Throws `export.not_found`, `export.not_ready`, `export.gone`. */
export async function readPersonFile(ctx: Ctx, exportId: string): Promise<unknown> {
  const job = exportId.startsWith('exp_') ? await findJob(ctx, exportId) : undefined
  if (job === undefined) throw ExportFailure.not_found('There is no such export.')
  const { state, filedUntil = 0, doneAt = 0, addressHash, parts } = job
  if (state !== 'done') throw ExportFailure.not_ready('It is not done yet: ask again in some seconds.')
  if (filedUntil * 1000 <= ctx.clock.now())
    throw ExportFailure.gone('Its file was kept for seven days: ask for a new export.')
  const records: unknown[] = []
  for (let read = 0; read < parts; read += PARTS_A_READ) {
    const keys = Array.from({ length: Math.min(PARTS_A_READ, parts - read) }, (_, at) =>
      partKey(exportId, read + at + 1),
    )
    const rows = (await ctx.table.getMany(keys)).toSorted((a, b) => (a.sk < b.sk ? -1 : 1))
    if (rows.length < keys.length)
      throw ExportFailure.gone('Whom it was about has been erased since, and its file with him.')
    for (const { text } of rows.map((row) => Part.parse(row)))
      for (const line of text.trimEnd().split('\n')) records.push(JSON.parse(line))
  }
  return {
    format: 'convoke-person/1',
    email_sha256: addressHash,
    made_at: new Date(doneAt).toISOString(),
    records,
  }
}
