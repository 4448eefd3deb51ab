import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { Failure } from '#shared/errors/failure.ts'
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
  handle: (body: string) => Promise<void>,
  log: Log,
): Promise<SQSBatchResponse> {
  const failed: SQSRecord[] = []
  for (const [index, record] of sqsEvent.Records.entries()) {
    if (index > 0 && lambdaContext.getRemainingTimeInMillis() < ROOM_MS) {
      failed.push(record)
      continue
    }
    try {
      await handle(record.body)
    } catch (error) {
      failed.push(record)
      log.warn({
        at: 'function.record',
        messageId: record.messageId,
        receiveCount: Number(record.attributes.ApproximateReceiveCount),
        ...describe(error),
      })
    }
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
}

/** A named failure speaks by its code alone; a bug by its message and where it was thrown, never by the record. */
function describe(error: unknown): { readonly code: string; readonly error?: string } {
  if (error instanceof Failure) return { code: error.code }
  if (!(error instanceof Error)) return { code: 'bug', error: typeof error }
  // Their messages quote what they could not read.
  if (error.name === 'SyntaxError' || error.name === 'ZodError') return { code: 'unreadable', error: error.name }
  return { code: 'bug', error: `${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}`.trim().slice(0, 500) }
}
