import { SQSClient } from '@aws-sdk/client-sqs'
import { requestHandlerOptions } from './client-options.ts'

const TIMES = { connectionTimeout: 2000, requestTimeout: 5000 }

/** A send made twice is a message twice, which queues may do anyway: the SDK's own retries serve. */
export function createSqsClient(): SQSClient {
  return new SQSClient({ maxAttempts: 4, requestHandler: requestHandlerOptions(TIMES) })
}
