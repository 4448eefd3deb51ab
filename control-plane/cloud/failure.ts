import { defineFailures } from '#shared/errors/failure.ts'

/**
 * What may become of a call to the cloud: one code for each way of dealing with it. The service's own error is the `cause`; its text may
 * name resources of an account and is for the vendor alone.
 */
export const CloudFailure = defineFailures('cloud', {
  /** Nothing happened: ask again later, more slowly. */
  throttled: { status: 429, retry: true },
  /** It may have happened (time-out, broken connection, 5xx): look before asking again. */
  unavailable: { status: 503, retry: true },
  /** Something of that name or token is there: look whose it is. */
  exists: { status: 409, retry: false },
  /** A limit of the account is reached: another cell, or a higher limit. */
  quota: { status: 409, retry: false },
  /** The service refuses what was asked for, and will again. */
  invalid: { status: 422, retry: false },
  /** Our rights or credentials in that account are not what they should be: stop the place, not the tenant. */
  denied: { status: 403, retry: false },
  /** What the call is about is not there (any more, or not yet visible). */
  gone: { status: 404, retry: true },
  /** Another operation on it is under way: ask again. */
  conflict: { status: 409, retry: true },
  /** Something else still uses it: remove that first. */
  in_use: { status: 409, retry: true },
  /** Only a person, at AWS or at the vendor, can go on from here. */
  vendor_task: { status: 409, retry: false },
})

export type CloudTrouble = keyof typeof CloudFailure
