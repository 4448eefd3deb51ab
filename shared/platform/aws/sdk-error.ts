/**
 * What a failed SDK call means for the world. `throttled` and `unsent`: nothing happened.
 * `unknown`: it may have happened (time-out, broken connection, 5xx). `refused`: the service said no.
 */
export type SdkTrouble = 'throttled' | 'unsent' | 'unknown' | 'refused'

const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'ProvisionedThroughputExceededException',
  'TooManyRequestsException',
  'SlowDown',
])

/** libuv's and the resolver's codes for a connection that was never made. */
const UNSENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN'])

/** The SDK's words for a connection not made in time; should they change, the call counts as `unknown`. */
const NOT_CONNECTED = /did not establish a connection/

export function sdkTrouble(error: unknown): SdkTrouble {
  const name = errorName(error)
  const status = httpStatus(error)
  if (THROTTLES.has(name) || status === 429) return 'throttled'
  if (status !== undefined) return status >= 500 ? 'unknown' : 'refused'
  if (name === 'CredentialsProviderError' || UNSENT.has(textField(error, 'code'))) return 'unsent'
  // Several addresses were tried and none connected.
  if (error instanceof AggregateError && error.errors.every((inner) => sdkTrouble(inner) === 'unsent')) return 'unsent'
  if (error instanceof Error && NOT_CONNECTED.test(error.message)) return 'unsent'
  return 'unknown'
}

/** The service's name of the error, such as `ConditionalCheckFailedException`; '' when it has none. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : ''
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

/** Undefined when no answer came. */
function httpStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined
  const { $metadata } = error
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return undefined
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined
}

function textField(error: unknown, field: 'code'): string {
  if (typeof error !== 'object' || error === null || !(field in error)) return ''
  return typeof error[field] === 'string' ? error[field] : ''
}
