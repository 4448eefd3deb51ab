import { Failure } from '#shared/errors/failure.ts'
import { errorMessage, errorName, sdkTrouble } from '#shared/platform/aws/sdk-error.ts'
import { CloudFailure, type CloudTrouble } from '../failure.ts'

/** What errors of one call mean, by the service's name of them; a function where only the error's words or reason tell. */
export type ErrorMeanings = { readonly [errorName: string]: CloudTrouble | ((error: unknown) => CloudTrouble) }

/** Names that mean the same in every service; those of rights come from IAM and STS. */
const COMMON: ErrorMeanings = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AccountSuspendedException: 'denied',
  AuthFailure: 'denied',
  CredentialsProviderError: 'denied',
  ExpiredToken: 'denied',
  ExpiredTokenException: 'denied',
  IncompleteSignature: 'denied',
  InvalidAccessKeyId: 'denied',
  InvalidClientTokenId: 'denied',
  MissingAuthenticationToken: 'denied',
  NotAuthorized: 'denied',
  OptInRequired: 'denied',
  SignatureDoesNotMatch: 'denied',
  SubscriptionRequiredException: 'denied',
  UnauthorizedOperation: 'denied',
  UnrecognizedClientException: 'denied',
  RequestThrottled: 'throttled',
  LimitExceeded: 'quota',
  LimitExceededException: 'quota',
  ServiceQuotaExceededException: 'quota',
}

/** Makes a call and names its failure; `what` is the API's verb. A failure that is named already stays as it is. */
export async function calling<T>(what: string, call: () => Promise<T>, meanings: ErrorMeanings = {}): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw error instanceof Failure ? error : named(what, error, meanings)
  }
}

/** A read: what is not there is undefined. */
export async function reading<T>(
  what: string,
  call: () => Promise<T>,
  meanings: ErrorMeanings = {},
): Promise<T | undefined> {
  return orElse('gone', undefined, calling(what, call, meanings))
}

/** `instead` where the call fails as `trouble`: what it asks for is so already. */
export async function orElse<T, E>(trouble: CloudTrouble, instead: E, call: Promise<T>): Promise<T | E> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Failure && error.code === `cloud.${trouble}`) return instead
    throw error
  }
}

function named(what: string, error: unknown, meanings: ErrorMeanings): Failure {
  const name = errorName(error)
  return CloudFailure[troubleOf(name, error, meanings)](`${what}: ${name === '' ? 'no answer' : name}`, {
    cause: error,
  })
}

function troubleOf(name: string, error: unknown, meanings: ErrorMeanings): CloudTrouble {
  const meaning = meanings[name] ?? COMMON[name]
  if (meaning !== undefined) return typeof meaning === 'function' ? meaning(error) : meaning
  const trouble = sdkTrouble(error)
  if (trouble === 'refused') return 'invalid'
  // A connection that was never made did nothing either, but nothing says how soon it can be.
  return trouble === 'throttled' ? 'throttled' : 'unavailable'
}

/** Chooses by the words of an error, where a service has one name for several things. */
export function byWords(rules: readonly (readonly [RegExp, CloudTrouble])[], otherwise: CloudTrouble = 'invalid') {
  return (error: unknown): CloudTrouble => rules.find(([words]) => words.test(errorMessage(error)))?.[1] ?? otherwise
}

/** A field that the API always answers; without it the answer is none. */
export function given<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw CloudFailure.unavailable(`the answer lacks ${what}`)
  return value
}

/** One of the words we know; a new word of AWS's is not a reason to guess. */
export function word<const T extends string>(words: readonly T[], value: string | undefined, what: string): T {
  const known = words.find((one) => one === value)
  if (known === undefined) throw CloudFailure.vendor_task(`${what} is ${value}, which is not known here`)
  return known
}
