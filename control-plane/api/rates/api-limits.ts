import type { RateLimit } from '#shared/rates/limit-rate.ts'

/** Requests a minute; the names are in the header fields of answers. */
export type ApiLimits = { readonly [name in 'key' | 'person' | 'licensee' | 'address']: RateLimit }

const aMinute = (name: keyof ApiLimits, max: number): RateLimit => ({ name, max, windowSeconds: 60 })

export const API_LIMITS: ApiLimits = {
  /** Ten a second for long: a script that reads every page of every list in one go, and no more. */
  key: aMinute('key', 600),
  /** Nobody clicks so fast; a page that loads itself again does. */
  person: aMinute('person', 300),
  /** All its people and keys together, so that more keys are not more requests. */
  licensee: aMinute('licensee', 1200),
  /** Without a valid key or session: an office behind one router that looks at the description. */
  address: aMinute('address', 300),
}
