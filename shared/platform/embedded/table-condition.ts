import { type Condition, TableFailure, type TableItem } from '../table.ts'
import { CONDITION_TESTS_MAX } from './table-limits.ts'

type Comparison = Extract<Condition, { readonly value: unknown }>

/** Refuses conditions that DynamoDB's expressions cannot say or would not take. */
export function assertCondition(condition: Condition): void {
  if (countTests(condition) > CONDITION_TESTS_MAX) throw TableFailure.bad_request('the condition is too long')
}

/**
 * The one place that decides a condition; `item` is the row before the write, undefined when absent.
 * As in DynamoDB: values of different types are unequal and not ordered, strings order by UTF-8 bytes,
 * and `<>` holds for an absent attribute.
 */
export function conditionHolds(condition: Condition, item: TableItem | undefined): boolean {
  if ('allOf' in condition) return condition.allOf.every((part) => conditionHolds(part, item))
  if ('anyOf' in condition) return condition.anyOf.some((part) => conditionHolds(part, item))
  if ('row' in condition) return (item !== undefined) === (condition.row === 'present')
  const stored = item !== undefined && Object.hasOwn(item, condition.attribute) ? item[condition.attribute] : undefined
  if (!('value' in condition)) return (stored === undefined) === (condition.is === 'absent')
  if (condition.is === '=') return stored === condition.value
  if (condition.is === '<>') return stored !== condition.value
  const order = compareSameType(stored, condition.value)
  return order !== undefined && isInOrder(condition.is, order)
}

/** Byte order of UTF-8, which is code point order; UTF-16 order differs beyond the basic plane. */
export function compareUtf8(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function compareSameType(stored: unknown, value: Comparison['value']): number | undefined {
  if (typeof stored === 'number' && typeof value === 'number') return stored - value
  if (typeof stored === 'string' && typeof value === 'string') return compareUtf8(stored, value)
  return undefined
}

function isInOrder(is: '<' | '<=' | '>' | '>=', order: number): boolean {
  switch (is) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

function countTests(condition: Condition): number {
  const parts = 'allOf' in condition ? condition.allOf : 'anyOf' in condition ? condition.anyOf : undefined
  if (parts !== undefined) {
    if (parts.length === 0) throw TableFailure.bad_request('allOf and anyOf need at least one condition')
    return parts.reduce((sum, part) => sum + countTests(part), 0)
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
