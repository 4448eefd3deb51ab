import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { isFailure } from '#shared/errors/failure.ts'
import type { Clock } from '../small-ports.ts'
import { TableFailure } from '../table.ts'
import { type Backoff, pause, TRIES_MAX } from './backoff.ts'
import { errorMessage, errorName, sdkTrouble } from './sdk-error.ts'

/** One tenant's view of one table. */
export type DynamoContext = {
  readonly client: DynamoDBClient
  readonly tableName: string
  readonly prefix: string
  readonly clock: Clock
  readonly backoff: Backoff
}

/** What a second run of the call would do when the first one's answer was lost. */
export type Repeat = 'harmless' | 'harmful'

/** Each may cost a whole time-out, and a function has not so much time. */
const UNANSWERED_TRIES_MAX = 3

/** Another request held the row, or this very transaction is still under way: nothing was written by this call. */
const BUSY = new Set([
  'TransactionConflictException',
  'ReplicatedWriteConflictException',
  'TransactionInProgressException',
])

/** Epoch seconds. */
export function nowSeconds({ clock }: DynamoContext): number {
  return Math.floor(clock.now() / 1000)
}

/** Runs the call, again where that is safe; throws the SDK's own error. */
export async function tryCall<T>(backoff: Backoff, repeat: Repeat, call: () => Promise<T>): Promise<T> {
  for (let tryNumber = 1; ; tryNumber += 1)
    try {
      return await call()
    } catch (error) {
      if (tryNumber >= triesMax(error, repeat)) throw error
      await pause(backoff, tryNumber)
    }
}

/** `tryCall` with the port's failures. */
export async function makeCall<T>(backoff: Backoff, repeat: Repeat, call: () => Promise<T>): Promise<T> {
  try {
    return await tryCall(backoff, repeat, call)
  } catch (error) {
    throw tableFailure(error)
  }
}

/** The port's failure for an error of DynamoDB; what names a fault of ours (permissions, no such table) stays as it is. */
export function tableFailure(error: unknown): unknown {
  if (isFailure(error)) return error
  const name = errorName(error)
  if (name === 'ConditionalCheckFailedException')
    return TableFailure.condition_failed('the condition did not hold', { cause: error })
  if (BUSY.has(name)) return TableFailure.conflict('another transaction holds the row', { cause: error })
  if (name === 'ValidationException') return validationFailure(errorMessage(error), error)
  if (sdkTrouble(error) === 'refused') return error
  return TableFailure.unavailable('the table cannot be reached now', { cause: error })
}

/** DynamoDB names an item grown too large only in words ("Item size to update has exceeded the maximum allowed size"). */
export function validationFailure(message: string, cause: unknown): Error {
  if (/item size/i.test(message)) return TableFailure.item_too_large('the item would be over 400 KB', { cause })
  return TableFailure.bad_request('DynamoDB refused the request', { cause })
}

function triesMax(error: unknown, repeat: Repeat): number {
  if (BUSY.has(errorName(error))) return TRIES_MAX
  switch (sdkTrouble(error)) {
    case 'throttled':
    case 'unsent':
      return TRIES_MAX
    case 'unknown':
      return repeat === 'harmless' ? UNANSWERED_TRIES_MAX : 1
    case 'refused':
      return 1
  }
}
