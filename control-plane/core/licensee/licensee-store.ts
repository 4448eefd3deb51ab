import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { versionedWrite } from '../versioned-write.ts'
import { Licensee, LicenseeFailure, licenseeKey } from './licensee.ts'

/** Listing of all licensees, by name. */
export const LICENSEES = 'licensees'

/** A licensee that the scope may see; throws `licensee.not_found` for every other, whether it exists or not. */
export async function getLicensee(ctx: Ctx, licenseeId: string): Promise<Licensee> {
  const isVisible = ctx.scope.kind === 'all' || ctx.scope.licenseeId === licenseeId
  const row = isVisible ? await ctx.table.get(licenseeKey(licenseeId)) : undefined
  if (row === undefined) throw LicenseeFailure.not_found('There is no such licensee.')
  return Licensee.parse(row)
}

/** The write of a licensee's row, on condition that nobody wrote it since `before` was read. */
export function licenseeWrite(before: Licensee | undefined, after: Licensee): WriteOperation {
  const item: TableItem & Licensee = {
    ...licenseeKey(after.licenseeId),
    gsi2pk: LICENSEES,
    gsi2sk: `${after.name.toLowerCase().slice(0, 200)}#${after.licenseeId}`,
    ...after,
  }
  return versionedWrite(before, item)
}

/** A page of licensees by name, for who may see all. Throws `table.bad_cursor`. */
export async function listLicensees(
  ctx: Ctx,
  query: { readonly limit: number; readonly after?: string; readonly namePrefix?: string },
): Promise<{ readonly licensees: readonly Licensee[]; readonly next?: string }> {
  if (ctx.scope.kind !== 'all') throw new Error('licensees are listed for who may see all')
  const page = await ctx.table.query({
    index: 'gsi2',
    pk: LICENSEES,
    limit: query.limit,
    ...(query.namePrefix === undefined || query.namePrefix === ''
      ? {}
      : { sk: { beginsWith: query.namePrefix.toLowerCase() } }),
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  return {
    licensees: page.items.map((item) => Licensee.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}
