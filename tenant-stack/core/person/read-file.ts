import type { Ctx } from '../context.ts'
import { ExportFailure, findJob, partKey } from './person-job.ts'

/** The file of an export, part by part as JSON text (`PersonFile`). Throws `export.not_found`, `export.not_ready`, `export.gone`. */
export async function readPersonFile(ctx: Ctx, exportId: string): Promise<AsyncGenerator<string>> {
  const job = exportId.startsWith('exp_') ? await findJob(ctx, exportId) : undefined
  if (job === undefined) throw ExportFailure.not_found('There is no such export.')
  const { state, filedUntil = 0, doneAt = 0, addressHash, parts } = job
  if (state !== 'done') throw ExportFailure.not_ready('It is not done yet: ask again in some seconds.')
  if (filedUntil * 1000 <= ctx.clock.now())
    throw ExportFailure.gone('Its file was kept for seven days: ask for a new export.')
  // An erasure takes the parts along.
  const first = parts === 0 ? undefined : await ctx.table.get(partKey(exportId, 1))
  if (parts > 0 && first === undefined) throw ExportFailure.gone('Whom it was about is erased, and its file with him.')
  const head = { format: 'convoke-person/1', email_sha256: addressHash, made_at: new Date(doneAt).toISOString() }
  return textOf(ctx, { exportId, parts, head })
}

async function* textOf(
  ctx: Ctx,
  { exportId, parts, head }: { readonly exportId: string; readonly parts: number; readonly head: object },
): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"records":[`
  let isFirst = true
  for (let part = 1; part <= parts; part += 1) {
    const text = (await ctx.table.get(partKey(exportId, part)))?.text
    if (typeof text !== 'string') throw ExportFailure.gone('A part of its file is gone: ask for a new export.')
    yield `${isFirst ? '' : ','}\n${text.trimEnd().replaceAll('\n', ',\n')}`
    isFirst = false
  }
  yield ']}\n'
}
