import { isFailure } from '#shared/errors/failure.ts'
import { commit } from '../commit.ts'
import type { Ctx } from '../context.ts'
import { type Cell, PlacementFailure } from './cell.ts'
import { allCells, cellWrite, getCell } from './cell-store.ts'

export type CellInput = Omit<Cell, 'cellId' | 'used' | 'createdAt' | 'version'>

/** Makes an account and region with its baseline known as a cell. Throws `placement.cell_exists` for a second one of the same place. */
export async function registerCell(ctx: Ctx, input: CellInput): Promise<Cell> {
  const isThere = ({ awsAccountId, region }: Cell) => awsAccountId === input.awsAccountId && region === input.region
  if ((await allCells(ctx)).some(isThere))
    throw PlacementFailure.cell_exists(`${input.awsAccountId} in ${input.region} is a cell already.`)
  const cell: Cell = {
    ...input,
    // The place names the cell, so that two who register it at once meet in one row.
    cellId: `cel_${input.awsAccountId}_${input.region}`,
    used: 0,
    createdAt: ctx.clock.now(),
    version: 1,
  }
  try {
    await commit(ctx, {
      operations: [cellWrite(undefined, cell)],
      audit: { action: 'cell.registered', target: { kind: 'cell', id: cell.cellId }, after: cell },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw PlacementFailure.cell_exists(`${input.awsAccountId} in ${input.region} is a cell already.`)
    throw error
  }
  return cell
}

/** Changes what may change in a cell's life: its size, its baseline's outputs, whether it takes new tenants. */
export async function updateCell(
  ctx: Ctx,
  input: { readonly cellId: string; readonly change: Partial<Omit<CellInput, 'awsAccountId' | 'region'>> },
): Promise<Cell> {
  const before = await getCell(ctx, input.cellId)
  const after: Cell = { ...before, ...input.change, version: before.version + 1 }
  try {
    await commit(ctx, {
      operations: [cellWrite(before, after)],
      audit: { action: 'cell.changed', target: { kind: 'cell', id: before.cellId }, before, after },
    })
  } catch (error) {
    if (isFailure(error, 'table.condition_failed'))
      throw PlacementFailure.changed_meanwhile('The cell has changed meanwhile: look again.')
    throw error
  }
  return after
}

export type CellView = Cell & { readonly headroom: number; readonly fillPercent: number }

/** All cells with the room they have left. */
export async function listCells(ctx: Ctx): Promise<readonly CellView[]> {
  return (await allCells(ctx)).map(cellRoom)
}

/** A cell with the room it has. */
export function cellRoom(cell: Cell): CellView {
  return {
    ...cell,
    headroom: cell.isOpen ? Math.max(0, cell.cap - cell.used) : 0,
    fillPercent: cell.cap === 0 ? 100 : Math.round((100 * cell.used) / cell.cap),
  }
}
