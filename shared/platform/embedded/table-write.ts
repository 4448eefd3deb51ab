import { type AttributeValue, type Condition, TableFailure, type TableItem, type WriteOperation } from '../table.ts'
import { TRANSACTION_BYTES_MAX } from '../table-limits.ts'
import { assertOperation, assertTransaction } from '../table-write-rules.ts'
import { conditionHolds } from './table-condition.ts'
import { encodeItem } from './table-item.ts'
import type { TableRows } from './table-rows.ts'

type Update = Extract<WriteOperation, { readonly kind: 'update' }>

/** A checked operation, ready to run inside a write job; answers the bytes it wrote. */
export type PreparedOperation = { readonly apply: (rows: TableRows) => number }

/** Refuses a malformed operation before anything is read or written, and takes a copy of what it writes. */
export function prepareOperation(operation: WriteOperation, prefix: string): PreparedOperation {
  assertOperation(operation, prefix)
  return { apply: prepareApply(operation, prefix) }
}

export function prepareTransaction(
  operations: readonly WriteOperation[],
  prefix: string,
): readonly PreparedOperation[] {
  assertTransaction(operations, prefix)
  return operations.map((operation) => ({ apply: prepareApply(operation, prefix) }))
}

/** Does the operations one after the other; throws at the first that is refused (the caller's job rolls back). */
export function applyOperations(rows: TableRows, operations: readonly PreparedOperation[]): void {
  let bytes = 0
  for (const operation of operations) {
    bytes += operation.apply(rows)
    if (bytes > TRANSACTION_BYTES_MAX)
      throw TableFailure.bad_request(`a transaction writes at most ${TRANSACTION_BYTES_MAX} bytes`)
  }
}

function prepareApply(operation: WriteOperation, prefix: string): PreparedOperation['apply'] {
  const { when } = operation
  switch (operation.kind) {
    case 'put': {
      const encoded = encodeItem(operation.item, prefix)
      const { pk, sk } = operation.item
      return (rows) => {
        if (when !== undefined) assertHolds(when, rows.find({ pk, sk }))
        rows.save(encoded)
        return encoded.bytes
      }
    }
    case 'delete':
      return (rows) => {
        if (when !== undefined) assertHolds(when, rows.find(operation.key))
        rows.remove(operation.key)
        return 0
      }
    case 'check':
      return (rows) => {
        assertHolds(operation.when, rows.find(operation.key))
        return 0
      }
    case 'update': {
      const update = structuredClone(operation)
      return (rows) => {
        const stored = rows.find(update.key)
        if (when !== undefined) assertHolds(when, stored)
        const encoded = encodeItem(updated(update, stored), prefix)
        rows.save(encoded)
        return encoded.bytes
      }
    }
  }
}

function assertHolds(condition: Condition, item: TableItem | undefined): void {
  if (!conditionHolds(condition, item)) throw TableFailure.condition_failed('the condition did not hold')
}

/** The row after the update; `add` counts from 0 and refuses what is not a number. */
function updated({ key, set = {}, add = {}, remove = [] }: Update, stored: TableItem | undefined): TableItem {
  const attributes = new Map<string, AttributeValue | undefined>(Object.entries(stored ?? {}))
  for (const [name, value] of Object.entries(set)) attributes.set(name, value)
  for (const name of remove) attributes.delete(name)
  for (const [name, amount] of Object.entries(add)) {
    const before = attributes.get(name) ?? 0
    if (typeof before !== 'number' || attributes.get(name) === null)
      throw TableFailure.bad_request(`${name} is not a number and cannot be added to`)
    attributes.set(name, before + amount)
  }
  return { ...Object.fromEntries(attributes), pk: key.pk, sk: key.sk }
}
