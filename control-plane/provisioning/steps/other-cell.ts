import type { CloudPlace } from '#control-plane/cloud/cloud.ts'
import type { Ctx } from '#control-plane/core/context.ts'
import { getLicensee } from '#control-plane/core/licensee/licensee-store.ts'
import { type Cell, cellsFor } from '#control-plane/core/placement/cell.ts'
import { allCells, getCell, hasSlot, slotReturning } from '#control-plane/core/placement/cell-store.ts'
import { standsBeside } from '#control-plane/core/release/desire-release.ts'
import { getRelease } from '#control-plane/core/release/release.ts'
import type { Observation, Work } from '../step.ts'

type Place = Pick<CloudPlace, 'awsAccountId' | 'region'>

/** Counting what is used reads whole lists: once an hour for a place is enough. */
const COUNTED_FOR_MILLISECONDS = 3600_000

function quotasKey({ awsAccountId, region }: Place) {
  return { pk: `place#${awsAccountId}/${region}`, sk: 'quotas' }
}

/** Whether a place was found full in the last hour; undefined: nobody has counted. */
export async function knownFull(ctx: Ctx, place: Place): Promise<boolean | undefined> {
  const row = await ctx.table.get(quotasKey(place))
  if (typeof row?.countedAt !== 'number' || ctx.clock.now() - row.countedAt >= COUNTED_FOR_MILLISECONDS)
    return undefined
  return row.isFull === true
}

/** Writes down what was counted; `full` is the quota that binds, or nothing. */
export async function keepCounted(ctx: Ctx, place: Place, full: string): Promise<void> {
  if (full !== '') ctx.log.metric({ at: 'provisioning.place_full', awsAccountId: place.awsAccountId, quota: full })
  const item = { ...quotasKey(place), countedAt: ctx.clock.now(), isFull: full !== '', quota: full }
  await ctx.table.write({ kind: 'put', item })
}

/** The first cell that can take the tenant. The listing may be behind: the row itself says whether there is room. */
export async function cellWithRoom({ ctx, tenant, run }: Work): Promise<Cell | undefined> {
  const { isEarly = false } = await getLicensee(ctx, tenant.licenseeId)
  const want = { region: tenant.region, isEarly }
  const release = await getRelease(ctx, run.templateVersion ?? '')
  for (const { cellId } of cellsFor(await allCells(ctx), want)) {
    const cell = await getCell(ctx, cellId)
    const isFit = cellsFor([cell], want).length > 0 && standsBeside(release, cell.cellVersion)
    if (isFit && (await knownFull(ctx, cell)) !== true) return cell
  }
  return undefined
}

/**
 * Gives the slot in a full cell back and takes one elsewhere, if there is room and nothing was made here yet; the slot goes in the same
 * transaction that begins anew. Undefined: the tenant stays.
 */
export async function moveToOtherCell(work: Work): Promise<Observation | undefined> {
  const { ctx, tenant, run, facts } = work
  const { cellId, tenantId } = tenant
  if (run.kind !== 'provision' || tenant.placement !== 'cell' || cellId === undefined) return undefined
  if (facts.hostedZoneId !== undefined || facts.stackId !== undefined) return undefined
  if (!(await hasSlot(ctx, cellId, tenantId)) || (await cellWithRoom(work)) === undefined) return undefined
  const operations = slotReturning(cellId, tenantId)
  return { kind: 'redo', from: 'take_slot', because: `${cellId} is full`, operations }
}
