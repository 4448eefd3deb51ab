import type { Condition, TableItem } from '../table.ts'
import { compareUtf8 } from '../utf8-order.ts'

type Comparison = Extract<Condition, { readonly value: unknown }>

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
