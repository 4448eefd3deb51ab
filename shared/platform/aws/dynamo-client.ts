import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { requestHandlerOptions } from './client-options.ts'

/** DynamoDB answers in milliseconds; a call hung longer than this is better made again. */
const TIMES = { connectionTimeout: 1000, requestTimeout: 3000 }

/** The SDK itself does not retry: only the table knows which write may be made twice. */
export function createDynamoClient(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: 1, requestHandler: requestHandlerOptions(TIMES) })
}
