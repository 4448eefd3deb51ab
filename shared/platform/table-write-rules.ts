import { type Condition, TableFailure, type TableKey, type WriteOperation } from './table.ts'
import { assertKey } from './table-item-rules.ts'
import { CONDITION_NESTING_MAX, CONDITION_TESTS_MAX, TRANSACTION_OPERATIONS_MAX } from './table-limits.ts'

type Comparison = Extract<Condition, { readonly value: unknown }>
type Update = Extract<WriteOperation, { readonly kind: 'update' }>

/** Refuses an operation that is malformed whatever the row holds; a put's item is measured by `measureItem`. */
export function assertOperation(operation: WriteOperation, prefix: string): void {
  assertKey(keyOf(operation), prefix)
  if (operation.when !== undefined) assertCondition(operation.when)
  if (operation.kind === 'update') assertUpdate(operation)
}

/** DynamoDB TransactWriteItems' own rules, and those of each operation. */
export function assertTransaction(operations: readonly WriteOperation[], prefix: string): void {
  if (operations.length === 0 || operations.length > TRANSACTION_OPERATIONS_MAX)
    throw TableFailure.bad_request(`a transaction has 1 to ${TRANSACTION_OPERATIONS_MAX} operations`)
  for (const operation of operations) assertOperation(operation, prefix)
  if (new Set(operations.map((operation) => rowName(keyOf(operation)))).size < operations.length)
    throw TableFailure.bad_request('a transaction names the same row twice')
}

export function keyOf(operation: WriteOperation): TableKey {
  const { pk, sk } = operation.kind === 'put' ? operation.item : operation.key
  return { pk, sk }
}

/** Equal for equal keys and for no others. */
export function rowName({ pk, sk }: TableKey): string {
  return JSON.stringify([pk, sk])
}

/** Refuses conditions that DynamoDB's expressions cannot say or would not take. */
function assertCondition(condition: Condition): void {
  if (countTests(condition, 0) > CONDITION_TESTS_MAX) throw TableFailure.bad_request('the condition is too long')
}

function countTests(condition: Condition, depth: number): number {
  const parts = 'allOf' in condition ? condition.allOf : 'anyOf' in condition ? condition.anyOf : undefined
  if (parts !== undefined) {
    if (parts.length === 0) throw TableFailure.bad_request('allOf and anyOf need at least one condition')
    if (depth >= CONDITION_NESTING_MAX) throw TableFailure.bad_request('the condition is nested too deep')
    return parts.reduce((sum, part) => sum + countTests(part, depth + 1), 0)
  }
  if ('attribute' in condition && condition.attribute === '')
    throw TableFailure.bad_request('an attribute name is empty')
  if ('value' in condition) assertComparison(condition)
  return 1
}

function assertComparison({ attribute, is, value }: Comparison): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw TableFailure.bad_request(`${attribute} is compared with a number that cannot be stored`)
  if (typeof value === 'boolean' && is !== '=' && is !== '<>')
    throw TableFailure.bad_request(`${attribute}: booleans have no order`)
}

function assertUpdate({ set = {}, add = {}, remove = [] }: Update): void {
  const names = [...Object.keys(set), ...Object.keys(add), ...remove]
  if (names.length === 0) throw TableFailure.bad_request('an update changes at least one attribute')
  if (new Set(names).size < names.length) throw TableFailure.bad_request('an update names the same attribute twice')
  if (names.some((name) => name === 'pk' || name === 'sk' || name === ''))
    throw TableFailure.bad_request('an update cannot change the key')
  for (const [name, amount] of Object.entries(add))
    if (!Number.isFinite(amount)) throw TableFailure.bad_request(`${name}: only finite numbers can be added`)
}
