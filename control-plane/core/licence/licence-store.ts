import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import type { DueMark } from '../due.ts'
import { licenseePartition } from '../licensee/licensee.ts'
import { getOwnedRow } from '../owned-row.ts'
import { sortableTime } from '../sortable-time.ts'
import { versionedWrite } from '../versioned-write.ts'
import { Licence, LicenceFailure } from './licence.ts'
import { licenceKey, licenceOwnerKey } from './licence-key.ts'

/** Listing of all licences, by the end of their period; those never paid come first. */
export const LICENCES = 'licences'

type Page = { readonly licences: readonly Licence[]; readonly next?: string }
type PageQuery = { readonly limit: number; readonly after?: string }

/** A licence that the scope may see; throws `licence.not_found` for every other, whether it exists or not. */
export async function getLicence(ctx: Ctx, licenceId: string): Promise<Licence> {
  const row = await getOwnedRow(ctx, {
    owner: licenceOwnerKey(licenceId),
    of: (licenseeId) => licenceKey(licenseeId, licenceId),
  })
  if (row === undefined) throw LicenceFailure.not_found('There is no such licence.')
  return Licence.parse(row)
}

/** The write of a licence's row, on condition that nobody wrote it since `before` was read; without `due` nothing is due any more. */
export function licenceWrite(before: Licence | undefined, after: Licence, due?: DueMark): WriteOperation {
  const item: TableItem & Licence = {
    ...licenceKey(after.licenseeId, after.licenceId),
    gsi2pk: LICENCES,
    gsi2sk: `${sortableTime(after.periodEnd ?? 0)}#${after.licenceId}`,
    ...after,
    ...due,
  }
  return versionedWrite(before, item)
}

/** Written with a new licence: finds its licensee. */
export function licenceOwnerWrite({ licenceId, licenseeId }: Licence): WriteOperation {
  return { kind: 'put', item: { ...licenceOwnerKey(licenceId), licenseeId }, when: { row: 'absent' } }
}

/** A licensee's licences under his scope; under the other all, by renewal date, or those of `licenseeId`. */
export async function listLicences(ctx: Ctx, query: PageQuery & { readonly licenseeId?: string }): Promise<Page> {
  const licenseeId = ctx.scope.kind === 'licensee' ? ctx.scope.licenseeId : query.licenseeId
  const cursor = query.after === undefined ? {} : { cursor: query.after }
  const page = await ctx.table.query(
    licenseeId === undefined
      ? { index: 'gsi2', pk: LICENCES, limit: query.limit, ...cursor }
      : { pk: licenseePartition(licenseeId), sk: { beginsWith: 'licence#' }, limit: query.limit, ...cursor },
  )
  return {
    licences: page.items.map((item) => Licence.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}
