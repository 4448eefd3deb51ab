import { QueueFailure } from './queue.ts'

/** The port's message size: SQS and SNS, 256 KiB of UTF-8. */
export const BODY_BYTES_MAX = 262_144
/** SQS: a message is hidden at most 12 hours from its receive. */
export const VISIBILITY_SECONDS_MAX = 43_200
/** SQS: DelaySeconds. */
export const DELAY_SECONDS_MAX = 900
/** SQS: MaxNumberOfMessages. */
export const RECEIVE_MAX = 10
/** What SQS takes in a body: XML 1.0 characters (SendMessage, "valid characters"). */
const BAD_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

export function assertBody(body: string): void {
  if (body === '') throw QueueFailure.bad_request('a message body cannot be empty')
  if (Buffer.byteLength(body) > BODY_BYTES_MAX)
    throw QueueFailure.body_too_large(`a message body has at most ${BODY_BYTES_MAX} bytes`)
  if (BAD_CHARACTER.test(body)) throw QueueFailure.bad_request('a message body has a character that queues refuse')
}

/** A whole number from `min` to `max`. */
export function assertRange(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw QueueFailure.bad_request(`${name} must be a whole number from ${min} to ${max}`)
}
