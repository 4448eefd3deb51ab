import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'

/** An account and region that many tenants' stacks share, and the outputs of its baseline. */
export const Cell = z.object({
  cellId: z.string(),
  /** As people call it: `eu-1`. */
  name: z.string(),
  awsAccountId: z.string(),
  region: z.string(),
  /** Tenants that may stand in it, by the release's capacity facts; `used` never passes it. */
  cap: z.number(),
  used: z.number(),
  /** No new tenants: being emptied, or not trusted. */
  isOpen: z.boolean(),
  /** Only the vendor's own tenants and those that asked for it come here first. */
  isCanary: z.boolean(),
  /** Outputs of the cell's stack. */
  cellVersion: z.string(),
  operatingRoleArn: z.string(),
  executionRoleArn: z.string(),
  tenantBoundaryArn: z.string(),
  routerRoleArn: z.string(),
  cellTableName: z.string(),
  releaseBucket: z.string(),
  /** By which its tenants share the rate of its account; baselines of before had none. */
  sendRateTableName: z.string().exactOptional(),
  alarmTopicArn: z.string().exactOptional(),
  createdAt: z.number(),
  version: z.number(),
})
export type Cell = z.infer<typeof Cell>

export const PlacementFailure = defineFailures('placement', {
  cell_not_found: { status: 404, retry: false },
  cell_exists: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
  account_not_found: { status: 404, retry: false },
})

/** Listing of all cells. */
export const CELLS = 'cells'

export function cellKey(cellId: string): TableKey {
  return { pk: `cell#${cellId}`, sk: 'cell' }
}

/** Says that a tenant has a slot: the counter follows these rows, so that a slot is taken once and given back once. */
export function slotKey(cellId: string, tenantId: string): TableKey {
  return { pk: `cell#${cellId}`, sk: `slot#${tenantId}` }
}

/**
 * Cells that may take a tenant of this region, fullest first: few cells full are cheaper to watch than many half empty. Who is early stands in
 * a canary cell while there is room; nobody else does.
 */
export function cellsFor(
  cells: readonly Cell[],
  want: { readonly region: string; readonly isEarly: boolean },
): readonly Cell[] {
  return cells
    .filter((cell) => cell.isOpen && cell.region === want.region && cell.used < cell.cap)
    .filter(({ isCanary }) => want.isEarly || !isCanary)
    .toSorted(
      (a, b) =>
        Number(b.isCanary) - Number(a.isCanary) || a.cap - a.used - (b.cap - b.used) || (a.cellId < b.cellId ? -1 : 1),
    )
}
