import { LICENCE_FILE_KEY, LicenceFile } from '#shared/contracts/licence-file.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { newestLicence } from '#shared/licence/verify-licence.ts'
import type { Condition, TableItem } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { newestLicenceKey } from './licence-watch.ts'

/**
 * Takes the licence file that lies in the bucket, when it is genuine and newer than all before it. One function does this, by its
 * sweep: all others read the row, and need no right to the bucket's licence.
 */
export async function takeLicence(ctx: Ctx): Promise<'none' | 'refused' | 'known' | 'taken'> {
  if (!ctx.licence.isAskedFor) return 'none'
  const bytes = await readFile(ctx)
  if (bytes === undefined) return 'none'
  const file = LicenceFile.safeParse(parseJson(bytes)).data
  const offered = ctx.licence.open(file)
  if (file === undefined || offered === undefined) {
    ctx.log.error({ at: 'licence.refused' })
    return 'refused'
  }
  const row = await ctx.table.get(newestLicenceKey)
  const known = ctx.licence.open(row)
  if (newestLicence([known, offered]) === known) return 'known'
  return (await keep(ctx, file, row)) ? 'taken' : 'known'
}

/** Asked for by a list: S3 answers 403, not 404, for a missing object to who may not list. */
async function readFile(ctx: Ctx): Promise<Uint8Array | undefined> {
  const { blobs } = await ctx.blobs.list(LICENCE_FILE_KEY, { limit: 1 })
  return blobs.some(({ key }) => key === LICENCE_FILE_KEY) ? ctx.blobs.get(LICENCE_FILE_KEY) : undefined
}

/** False when a twin has changed the row since it was read; it is looked at again by the next sweep. */
async function keep(ctx: Ctx, file: LicenceFile, before: TableItem | undefined): Promise<boolean> {
  const asRead: Condition =
    typeof before?.signature === 'string'
      ? { attribute: 'signature', is: '=', value: before.signature }
      : { attribute: 'signature', is: 'absent' }
  try {
    await ctx.table.write({ kind: 'put', item: { ...newestLicenceKey, ...file }, when: asRead })
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return false
  } finally {
    ctx.licence.forget()
  }
  return true
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return undefined
  }
}
