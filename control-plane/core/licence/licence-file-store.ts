import { LicenceFile } from '#shared/contracts/licence-file.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { licenseePartition } from '../licensee/licensee.ts'
import { type Licence, LicenceFailure } from './licence.ts'
import { getLicence } from './licence-store.ts'

type Which = Pick<Licence, 'licenseeId' | 'licenceId'>

/** Beside the licence, though not in the listing of licences. */
function licenceFileKey({ licenseeId, licenceId }: Which): TableKey {
  return { pk: licenseePartition(licenseeId), sk: `licence-file#${licenceId}` }
}

/** Keeps the file that the engine has signed: whoever serves it has no key to sign another. */
export async function keepLicenceFile(ctx: Ctx, which: Which, file: LicenceFile): Promise<void> {
  await ctx.table.write({ kind: 'put', item: { ...licenceFileKey(which), ...file } })
}

/** The file that was signed last, of a licence that the scope may see. Throws `licence.file_not_signed` before the first. */
export async function getLicenceFile(ctx: Ctx, licenceId: string): Promise<LicenceFile> {
  const row = await ctx.table.get(licenceFileKey(await getLicence(ctx, licenceId)))
  if (row === undefined) throw LicenceFailure.file_not_signed('The file of this licence is signed once it is paid.')
  return LicenceFile.parse(row)
}
