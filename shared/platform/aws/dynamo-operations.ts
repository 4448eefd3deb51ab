import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { TableItem, WriteOperation } from '../table.ts'
import { measureItem } from '../table-item-rules.ts'
import { encodeItem, encodeKey } from './dynamo-codec.ts'
import { absentCondition, conditionExpression, createPlaceholders, updateCondition } from './dynamo-expressions.ts'

type Put = NonNullable<TransactWriteItem['Put']>
type Delete = NonNullable<TransactWriteItem['Delete']>
type ConditionCheck = NonNullable<TransactWriteItem['ConditionCheck']>
type Update = NonNullable<TransactWriteItem['Update']>
export type UpdateOperation = Extract<WriteOperation, { readonly kind: 'update' }>

/** Where rows are written; `now` is epoch seconds. */
export type Target = { readonly tableName: string; readonly prefix: string; readonly now: number }

type Of<K extends WriteOperation['kind']> = Extract<WriteOperation, { readonly kind: K }>

export function putInput({ item, when }: Of<'put'>, { tableName, prefix, now }: Target): Put {
  const plain = { TableName: tableName, Item: encodeItem(item, prefix) }
  if (when === undefined) return plain
  const placeholders = createPlaceholders(prefix)
  const ConditionExpression = conditionExpression(placeholders, when, now)
  return { ...plain, ConditionExpression, ...placeholders.fields() }
}

export function deleteInput({ key, when }: Of<'delete'>, { tableName, prefix, now }: Target): Delete {
  const plain = { TableName: tableName, Key: encodeKey(key, prefix) }
  if (when === undefined) return plain
  const placeholders = createPlaceholders(prefix)
  const ConditionExpression = conditionExpression(placeholders, when, now)
  return { ...plain, ConditionExpression, ...placeholders.fields() }
}

export function checkInput({ key, when }: Of<'check'>, { tableName, prefix, now }: Target): ConditionCheck {
  const placeholders = createPlaceholders(prefix)
  const ConditionExpression = conditionExpression(placeholders, when, now)
  return { TableName: tableName, Key: encodeKey(key, prefix), ConditionExpression, ...placeholders.fields() }
}

/** The update of a row that is alive or absent; of an expired one it fails and the error carries that row. */
export function updateInput(operation: UpdateOperation, { tableName, prefix, now }: Target): Update {
  const { key, set = {}, add = {}, remove = [], when } = operation
  const placeholders = createPlaceholders(prefix)
  const ConditionExpression = updateCondition(placeholders, when, now)
  const { name, value } = placeholders
  const clauses = [
    clause('SET', Object.entries(set), ([attribute, to]) => `${name(attribute)} = ${value(attribute, to)}`),
    clause('ADD', Object.entries(add), ([attribute, amount]) => `${name(attribute)} ${value(attribute, amount)}`),
    clause('REMOVE', remove, name),
  ]
  return {
    TableName: tableName,
    Key: encodeKey(key, prefix),
    UpdateExpression: clauses.filter((text) => text !== '').join(' '),
    ConditionExpression,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...placeholders.fields(),
  }
}

/** The update of an expired row: a new row in its place, while it is still expired or gone. */
export function renewInput(operation: UpdateOperation, { tableName, prefix, now }: Target): Put {
  const placeholders = createPlaceholders(prefix)
  const ConditionExpression = absentCondition(placeholders, now)
  const Item = encodeItem(itemOfUpdate(operation), prefix)
  return { TableName: tableName, Item, ConditionExpression, ...placeholders.fields() }
}

/** Refuses what DynamoDB would refuse for size or shape; answers the bytes that are known before the call. */
export function measureOperation(operation: WriteOperation, prefix: string): number {
  switch (operation.kind) {
    case 'put':
      return measureItem(operation.item, prefix)
    case 'update': {
      // What an `add` to it comes to is not known here.
      const { expiresAt: _, ...add } = operation.add ?? {}
      return measureItem(itemOfUpdate({ ...operation, add }), prefix)
    }
    case 'delete':
    case 'check':
      return 0
  }
}

/** The row that the update makes where there was none: `add` counts from 0. */
function itemOfUpdate({ key, set = {}, add = {} }: UpdateOperation): TableItem {
  return { ...set, ...add, pk: key.pk, sk: key.sk }
}

function clause<T>(keyword: string, entries: readonly T[], write: (entry: T) => string): string {
  return entries.length === 0 ? '' : `${keyword} ${entries.map(write).join(', ')}`
}
