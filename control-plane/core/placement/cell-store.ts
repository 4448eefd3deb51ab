import type { TableItem, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { versionedWrite } from '../versioned-write.ts'
import { CELLS, Cell, cellKey, PlacementFailure, slotKey } from './cell.ts'

const CELLS_A_PAGE = 200

export async function getCell(ctx: Ctx, cellId: string): Promise<Cell> {
  const row = await ctx.table.get(cellKey(cellId))
  if (row === undefined) throw PlacementFailure.cell_not_found('There is no such cell.')
  return Cell.parse(row)
}

export function cellWrite(before: Cell | undefined, after: Cell): WriteOperation {
  const item: TableItem & Cell = { ...cellKey(after.cellId), gsi2pk: CELLS, gsi2sk: after.cellId, ...after }
  return versionedWrite(before, item)
}

/** All cells: there are tens of them. */
export async function allCells(ctx: Ctx): Promise<readonly Cell[]> {
  const cells: Cell[] = []
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      index: 'gsi2',
      pk: CELLS,
      limit: CELLS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    cells.push(...page.items.map((item) => Cell.parse(item)))
    cursor = page.cursor
  } while (cursor !== undefined)
  return cells
}

/**
 * Takes a slot for a tenant: the counter moves only together with the tenant's own slot row, so the same tenant never takes two.
 * The transaction fails when the cell is full or closed, or the tenant has its slot already.
 */
export function slotTaking(cell: Cell, tenantId: string): readonly WriteOperation[] {
  return [
    { kind: 'put', item: { ...slotKey(cell.cellId, tenantId), tenantId }, when: { row: 'absent' } },
    {
      kind: 'update',
      key: cellKey(cell.cellId),
      add: { used: 1, version: 1 },
      when: {
        allOf: [
          { attribute: 'used', is: '<', value: cell.cap },
          { attribute: 'cap', is: '=', value: cell.cap },
          { attribute: 'isOpen', is: '=', value: true },
        ],
      },
    },
  ]
}

/** Gives it back; fails when the tenant has none (any more). */
export function slotReturning(cellId: string, tenantId: string): readonly WriteOperation[] {
  return [
    { kind: 'delete', key: slotKey(cellId, tenantId), when: { row: 'present' } },
    { kind: 'update', key: cellKey(cellId), add: { used: -1, version: 1 }, when: { row: 'present' } },
  ]
}

export async function hasSlot(ctx: Ctx, cellId: string, tenantId: string): Promise<boolean> {
  return (await ctx.table.get(slotKey(cellId, tenantId))) !== undefined
}
