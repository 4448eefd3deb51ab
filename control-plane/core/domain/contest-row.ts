import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markDue } from '../due.ts'
import { licenseePartition } from '../licensee/licensee.ts'
import { sortableTime } from '../sortable-time.ts'
import { versionedWrite } from '../versioned-write.ts'

/** `kept`: by its holder. `dropped`: the challenger's token went. `won`: by the challenger. `moot`: the holder had given it back. */
const CONTEST_STATES = ['open', 'kept', 'dropped', 'won', 'moot'] as const

/** Somebody has proven a name that another holds: one row for each name, the last contest of it. Times are epoch milliseconds. */
export const ContestRow = z.object({
  domainName: z.string(),
  registrableName: z.string(),
  owner: z.object({ licenseeId: z.string(), tenantId: z.string() }),
  challenger: z.object({ licenseeId: z.string() }),
  state: z.enum(CONTEST_STATES),
  openedAt: z.number(),
  /** The holder loses the name then, unless he proves it anew. */
  unbindAt: z.number(),
  /** When the holder was told. */
  warnedAt: z.number().exactOptional(),
  endedAt: z.number().exactOptional(),
  version: z.number(),
})
export type ContestRow = z.infer<typeof ContestRow>

export const ContestFailure = defineFailures('contest', {
  not_found: { status: 404, retry: false },
})

/** Listing of all contests, newest first when read descending. */
const CONTESTS = 'contests'
const SORT_PREFIX = 'contest#'

function contestKey(domainName: string): TableKey {
  return { pk: `domain#${domainName}`, sk: 'contest' }
}

/** The last contest of a name, over or not. */
export async function findContest(ctx: Ctx, domainName: string): Promise<ContestRow | undefined> {
  const row = await ctx.table.get(contestKey(domainName))
  return row === undefined ? undefined : ContestRow.parse(row)
}

/** Until when the holder of a contested name has to prove it anew (epoch milliseconds); undefined: nobody contests this tenant's. */
export async function contestedUntil(
  ctx: Ctx,
  { domainName, tenantId }: { readonly domainName: string; readonly tenantId: string },
): Promise<number | undefined> {
  const contest = await findContest(ctx, domainName)
  return contest?.state === 'open' && contest.owner.tenantId === tenantId ? contest.unbindAt : undefined
}

/** The write of a contest, on condition that nobody wrote it since `before` was read; without `dueAt` it is looked at no more. */
export function contestWrite(
  ctx: Ctx,
  before: ContestRow | undefined,
  after: ContestRow,
  dueAt?: number,
): WriteOperation {
  const { domainName } = after
  const due =
    dueAt === undefined
      ? {}
      : markDue(ctx, { rowName: `contest/${domainName}`, dueAt, queueName: 'contest-due', body: { domainName } })
  const item: TableItem & ContestRow = {
    ...contestKey(domainName),
    gsi2pk: CONTESTS,
    gsi2sk: `${sortableTime(after.openedAt)}#${domainName}`,
    ...after,
    ...due,
  }
  return versionedWrite(before, item)
}

/** Shows the holder, among his rows, that there is or was a contest. */
export function contestPointerWrite({ owner, domainName }: ContestRow): WriteOperation {
  return {
    kind: 'put',
    item: { pk: licenseePartition(owner.licenseeId), sk: `${SORT_PREFIX}${domainName}`, domainName },
  }
}

const Pointer = z.object({ domainName: z.string() })
type Page = { readonly contests: readonly ContestRow[]; readonly next?: string }

/** Contests of names that a licensee holds or held, by name; for who may see all: every contest, newest first. */
export async function listContests(
  ctx: Ctx,
  query: { readonly limit: number; readonly after?: string; readonly licenseeId?: string },
): Promise<Page> {
  const licenseeId = ctx.scope.kind === 'licensee' ? ctx.scope.licenseeId : query.licenseeId
  const cursor = query.after === undefined ? {} : { cursor: query.after }
  const { limit } = query
  const page = await ctx.table.query(
    licenseeId === undefined
      ? { index: 'gsi2', pk: CONTESTS, descending: true, limit, ...cursor }
      : { pk: licenseePartition(licenseeId), sk: { beginsWith: SORT_PREFIX }, limit, ...cursor },
  )
  const next = page.cursor === undefined ? {} : { next: page.cursor }
  if (licenseeId === undefined) return { contests: page.items.map((item) => ContestRow.parse(item)), ...next }
  const found = await Promise.all(page.items.map((item) => findContest(ctx, Pointer.parse(item).domainName)))
  // The next contest of the name may be another holder's.
  return {
    contests: found.filter((one) => one !== undefined).filter((one) => one.owner.licenseeId === licenseeId),
    ...next,
  }
}
