import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { TableFailure, type TablePage, type TableQuery } from '../table.ts'
import { assertQuery } from '../table-query-rules.ts'
import { type DynamoContext, makeCall, nowSeconds } from './dynamo-call.ts'
import { type DynamoRow, decodeItem, isExpired } from './dynamo-codec.ts'
import { createPlaceholders } from './dynamo-expressions.ts'

/** One page: expired rows count towards `limit` and 1 MB, then are left out. */
export async function queryPage(context: DynamoContext, query: TableQuery): Promise<TablePage> {
  const { client, tableName, prefix, backoff } = context
  assertQuery(query, prefix)
  const scope = [prefix, query.index ?? '', query.pk, query.sk ?? null, query.descending ?? false]
  const start = query.cursor === undefined ? undefined : readStart(query, scope, prefix, query.cursor)
  const command = new QueryCommand({
    TableName: tableName,
    ...keyCondition(query, prefix),
    // An index of a table cannot be read consistently.
    ...(query.index === undefined ? { ConsistentRead: true } : { IndexName: query.index }),
    ScanIndexForward: query.descending !== true,
    Limit: query.limit,
    ...(start === undefined ? {} : { ExclusiveStartKey: start }),
  })
  const { Items = [], LastEvaluatedKey } = await makeCall(backoff, 'harmless', () => client.send(command))
  const now = nowSeconds(context)
  const items = Items.filter((row) => !isExpired(row, now)).map((row) => decodeItem(row, prefix))
  if (LastEvaluatedKey === undefined) return { items }
  return { items, cursor: encodeCursor(scope, positionOf(LastEvaluatedKey, query, prefix)) }
}

function keyCondition({ index, pk, sk }: TableQuery, prefix: string): { readonly KeyConditionExpression: string } {
  const placeholders = createPlaceholders(prefix)
  const { partition, sort } = keyNames(index)
  const texts = [`${placeholders.name(partition)} = ${placeholders.value(partition, pk)}`]
  if (sk !== undefined) {
    const name = placeholders.name(sort)
    if ('beginsWith' in sk) texts.push(`begins_with(${name}, ${placeholders.value(sort, sk.beginsWith)})`)
    else {
      const [from, to] = sk.between.map((bound) => placeholders.value(sort, bound))
      texts.push(`${name} BETWEEN ${from} AND ${to}`)
    }
  }
  return { KeyConditionExpression: texts.join(' AND '), ...placeholders.fields() }
}

function keyNames(index: TableQuery['index']): { readonly partition: string; readonly sort: string } {
  return index === undefined ? { partition: 'pk', sort: 'sk' } : { partition: `${index}pk`, sort: `${index}sk` }
}

/** Without the tenant's prefix, because cursors are shown to callers of the API. */
function positionOf(last: DynamoRow, { index }: TableQuery, prefix: string): readonly string[] {
  if (index === undefined) return [text(last, 'sk')]
  return [text(last, `${index}sk`), text(last, 'pk').slice(prefix.length), text(last, 'sk')]
}

function readStart({ index, pk }: TableQuery, scope: readonly unknown[], prefix: string, cursor: string): DynamoRow {
  const [sort, rowPk = pk, rowSk = sort] = decodeCursor(scope, index === undefined ? 1 : 3, cursor) ?? []
  if (sort === undefined || rowSk === undefined) throw TableFailure.bad_cursor('the cursor is not one of this query')
  const row = { pk: { S: prefix + rowPk }, sk: { S: rowSk } }
  if (index === undefined) return row
  return { ...row, [`${index}pk`]: { S: prefix + pk }, [`${index}sk`]: { S: sort } }
}

function text(row: DynamoRow, name: string): string {
  const value = row[name]?.S
  if (value === undefined) throw new Error(`DynamoDB's last key has no ${name}`)
  return value
}
