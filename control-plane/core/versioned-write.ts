import type { TableItem, WriteOperation } from '#shared/platform/table.ts'

/**
 * The write of a whole row that carries a `version`: made when nobody has it, else only over the version that was read, and one higher.
 * A put replaces the row, so what is no longer in `item` (a due mark) goes.
 */
export function versionedWrite(
  before: { readonly version: number } | undefined,
  item: TableItem & { readonly version: number },
): WriteOperation {
  if (item.version !== (before?.version ?? 0) + 1) throw new Error(`${item.sk} must be written with the next version`)
  return {
    kind: 'put',
    item,
    when: before === undefined ? { row: 'absent' } : { attribute: 'version', is: '=', value: before.version },
  }
}
