import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBClient,
  type DynamoDBClientResolvedConfig,
  type ServiceInputTypes,
  type ServiceOutputTypes,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb'
import { type AwsStub, mockClient } from 'aws-sdk-client-mock'
import type { DynamoRow } from '#shared/platform/aws/dynamo-codec.ts'
import { createDynamoTable } from '#shared/platform/aws/dynamo-table.ts'
import type { Table } from '#shared/platform/table.ts'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'

const $metadata = { httpStatusCode: 400 }

/** Epoch seconds of the clock that every mocked table has. */
export const NOW = createManualClock().now() / 1000

/** A table whose DynamoDB is told what to answer; `delays` are the milliseconds it would have waited. */
export function mockTable(): {
  readonly table: Table
  readonly dynamo: AwsStub<ServiceInputTypes, ServiceOutputTypes, DynamoDBClientResolvedConfig>
  readonly delays: readonly number[]
} {
  const client = new DynamoDBClient({ region: 'eu-central-1' })
  const delays: number[] = []
  const backoff = {
    random: () => 0.5,
    delay: async (milliseconds: number) => void delays.push(milliseconds),
  }
  const table = createDynamoTable({ client, tableName: 'rows', tenantId: 'ten', clock: createManualClock(), backoff })
  return { table, dynamo: mockClient(client), delays }
}

export function cancelled(...reasons: readonly (string | CancellationReason)[]): Error {
  const CancellationReasons = reasons.map((reason) => (typeof reason === 'string' ? { Code: reason } : reason))
  return new TransactionCanceledException({ message: 'cancelled', $metadata, CancellationReasons })
}

export function conditionFailed(Item?: DynamoRow): Error {
  const about = { message: 'failed', $metadata }
  return new ConditionalCheckFailedException(Item === undefined ? about : { ...about, Item })
}

export function refused(name: string, message = 'refused'): Error {
  return Object.assign(new Error(message), { name, $metadata })
}

export function serverFault(): Error {
  return Object.assign(new Error('oh'), { name: 'InternalServerError', $metadata: { httpStatusCode: 500 } })
}

export function brokenConnection(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' })
}

/** A stored row past its time. */
export function expiredRow(pk: string): DynamoRow {
  return { pk: { S: `ten#${pk}` }, sk: { S: 's' }, n: { N: '41' }, expiresAt: { N: String(NOW) } }
}
