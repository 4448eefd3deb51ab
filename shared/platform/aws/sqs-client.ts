import { SQSClient } from '@aws-sdk/client-sqs'
import { requestHandlerOptions } from './client-options.ts'

const TIMES = { connectionTimeout: 2000, requestTimeout: 5000 }

/**
 * A send made twice is a message twice, which queues may do anyway: the SDK's own retries serve. For a queue elsewhere its region is given,
 * because SQS refuses what was signed for another.
 */
export function createSqsClient(elsewhere: { readonly region?: string } = {}): SQSClient {
  return new SQSClient({ maxAttempts: 4, requestHandler: requestHandlerOptions(TIMES), ...elsewhere })
}
