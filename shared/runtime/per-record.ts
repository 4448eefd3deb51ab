import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { logFieldsOf } from '#shared/errors/log-fields.ts'
import type { Log } from '#shared/platform/small-ports.ts'

/** A record that begins later than this before the function's end might be killed in its middle (a send takes up to 23 s): it is given back. */
const ROOM_MS = 35_000

/**
 * Handles a batch one record at a time and reports only the failed ones (SQS, "Implementing partial batch responses"): a bad record is
 * its own failure. What there is no time left for is given back unhandled, and counts as one receive.
 */
export async function perRecord(
  sqsEvent: SQSEvent,
  lambdaContext: Pick<Context, 'getRemainingTimeInMillis'>,
  handle: (body: string, record: SQSRecord) => Promise<void>,
  log: Log,
): Promise<SQSBatchResponse> {
  const failed: SQSRecord[] = []
  for (const [index, record] of sqsEvent.Records.entries()) {
    if (index > 0 && lambdaContext.getRemainingTimeInMillis() < ROOM_MS) {
      failed.push(record)
      continue
    }
    try {
      await handle(record.body, record)
    } catch (error) {
      failed.push(record)
      log.warn({
        at: 'function.record',
        messageId: record.messageId,
        receiveCount: Number(record.attributes.ApproximateReceiveCount),
        ...logFieldsOf(error),
      })
    }
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
}
