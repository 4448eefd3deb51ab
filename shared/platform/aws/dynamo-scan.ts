import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import { TableFailure, type TablePage, type TableScan } from '../table.ts'
import { assertPageLimit } from '../table-query-rules.ts'
import { type DynamoContext, makeCall, nowSeconds } from './dynamo-call.ts'
import { decodeItem, isExpired } from './dynamo-codec.ts'

/** One page of all rows of the tenant: those past their expiry count towards `limit` and 1 MB, then are left out. */
export async function scanPage(context: DynamoContext, scan: TableScan): Promise<TablePage> {
  const { client, tableName, prefix, backoff } = context
  assertPageLimit(scan.limit)
  const scope = [prefix, 'scan']
  const command = new ScanCommand({
    TableName: tableName,
    ConsistentRead: true,
    Limit: scan.limit,
    // The table is one tenant's alone; the filter is for a table that tests share.
    FilterExpression: 'begins_with(pk, :prefix)',
    ExpressionAttributeValues: { ':prefix': { S: prefix } },
    ...(scan.cursor === undefined ? {} : { ExclusiveStartKey: startOf(scope, scan.cursor) }),
  })
  const { Items = [], LastEvaluatedKey: last } = await makeCall(backoff, 'harmless', () => client.send(command))
  const now = nowSeconds(context)
  const items = Items.filter((row) => !isExpired(row, now)).map((row) => decodeItem(row, prefix))
  const [pk, sk] = [last?.pk?.S, last?.sk?.S]
  return pk === undefined || sk === undefined ? { items } : { items, cursor: encodeCursor(scope, [pk, sk]) }
}

/** With the tenant's prefix: the last key of a page may be another tenant's, where tests share a table. No caller of the API is shown it. */
function startOf(scope: readonly unknown[], cursor: string) {
  const [pk, sk] = decodeCursor(scope, 2, cursor) ?? []
  if (pk === undefined || sk === undefined) throw TableFailure.bad_cursor('the cursor is not one of this scan')
  return { pk: { S: pk }, sk: { S: sk } }
}
