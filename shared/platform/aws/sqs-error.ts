import { QueueFailure } from '../queue.ts'
import { errorMessage, errorName } from './sdk-error.ts'

/** The port's failure for an SQS error; trouble that has no name there (network, permissions) stays what it is. */
export function queueFailure(error: unknown, queueName: string): unknown {
  switch (errorName(error)) {
    case 'QueueDoesNotExist':
      return QueueFailure.unknown_queue(`there is no queue ${queueName}`, { cause: error })
    case 'ReceiptHandleIsInvalid':
    case 'MessageNotInflight':
      return QueueFailure.stale_receipt('the receipt is not of a message in flight', { cause: error })
    case 'InvalidParameterValue':
    case 'InvalidParameterValueException':
      return parameterFailure(error)
    case 'InvalidMessageContents':
      return QueueFailure.bad_request('a message body has a character that queues refuse', { cause: error })
    default:
      return error
  }
}

/** SQS says with one error both "beyond the 12 hours" and "the message is gone"; only its words tell which. */
function parameterFailure(error: unknown): Error {
  const message = errorMessage(error)
  if (/total visibilitytimeout/i.test(message))
    return QueueFailure.bad_request('a message is hidden at most 12 hours from its receive', { cause: error })
  if (/receipt ?handle|does not exist|not available/i.test(message))
    return QueueFailure.stale_receipt('the receipt is not of a message in flight', { cause: error })
  return QueueFailure.bad_request('SQS refused the request', { cause: error })
}
