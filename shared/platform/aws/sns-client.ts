import { SNSClient } from '@aws-sdk/client-sns'
import { requestHandlerOptions } from './client-options.ts'

const TIMES = { connectionTimeout: 2000, requestTimeout: 5000 }

/** A publish made twice is a message twice, which queues may do anyway: the SDK's own retries serve. */
export function createSnsClient(): SNSClient {
  return new SNSClient({ maxAttempts: 4, requestHandler: requestHandlerOptions(TIMES) })
}
