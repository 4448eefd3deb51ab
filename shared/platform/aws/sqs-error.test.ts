import { describe, expect, it } from 'vitest'
import { queueFailure } from './sqs-error.ts'

function said(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } })
}

describe('what an SQS error means', () => {
  for (const [error, code] of [
    [said('QueueDoesNotExist'), 'queue.unknown_queue'],
    [said('ReceiptHandleIsInvalid'), 'queue.stale_receipt'],
    [said('MessageNotInflight'), 'queue.stale_receipt'],
    [said('InvalidMessageContents'), 'queue.bad_request'],
    [
      said(
        'InvalidParameterValue',
        'Value 43200 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].',
      ),
      'queue.bad_request',
    ],
    [
      said(
        'InvalidParameterValue',
        'Value AQEB for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
      ),
      'queue.stale_receipt',
    ],
    [said('InvalidParameterValue', 'Value 11 for parameter MaxNumberOfMessages is invalid.'), 'queue.bad_request'],
  ] as const)
    it(`${error.message.slice(0, 60)} is ${code}`, () => {
      expect(queueFailure(error, 'work')).toMatchObject({ code, cause: error })
    })

  it('an error that has no name in the port stays what it is', () => {
    const error = said('AccessDenied')
    expect(queueFailure(error, 'work')).toBe(error)
  })
})
