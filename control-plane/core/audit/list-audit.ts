import type { Ctx } from '../context.ts'
import { sortableTime } from '../sortable-time.ts'
import { AuditRow, auditPartition } from './audit.ts'

const DAY_MS = 86_400_000
/** After every time that fits a key. */
const LAST = '9'.repeat(15)

type Range = {
  /** Whose; absent: the scope's own, and the vendor's own rows for who may see all. */
  readonly licenseeId?: string
  /** UTC days, `YYYY-MM-DD`, both included. */
  readonly from?: string
  readonly to?: string
}

/** A page of the audit log, newest first. Under a licensee's scope it is his own, whatever is asked. */
export async function listAudit(
  ctx: Ctx,
  query: Range & { readonly limit: number; readonly after?: string },
): Promise<{ readonly rows: readonly AuditRow[]; readonly next?: string }> {
  const licenseeId = ctx.scope.kind === 'licensee' ? ctx.scope.licenseeId : query.licenseeId
  const from = query.from === undefined ? '0' : sortableTime(Date.parse(query.from))
  const to = query.to === undefined ? LAST : sortableTime(Date.parse(query.to) + DAY_MS)
  const page = await ctx.table.query({
    pk: auditPartition(licenseeId),
    sk: { between: [from, to] },
    descending: true,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  return {
    rows: page.items.map((item) => AuditRow.parse(item)),
    ...(page.cursor === undefined ? {} : { next: page.cursor }),
  }
}

/** The same, page after page to its end. */
export async function* allAudit(ctx: Ctx, range: Range): AsyncGenerator<readonly AuditRow[]> {
  let after: string | undefined
  do {
    const page = await listAudit(ctx, { ...range, limit: 200, ...(after === undefined ? {} : { after }) })
    yield page.rows
    after = page.next
  } while (after !== undefined)
}
