import type { Taken } from './rate-leases.ts'

/**
 * Header fields of an answer: `RateLimit-Policy` says every limit, `RateLimit` what is left of each in the present window, as far as this
 * process knows (draft-ietf-httpapi-ratelimit-headers, §3 and §4). Quotas in requests, windows and resets in seconds.
 */
export function rateFields(taken: readonly Taken[]): {
  readonly ratelimit: string
  readonly 'ratelimit-policy': string
} {
  const policy = taken.map(({ limit: { name, max, windowSeconds } }) => `"${name}";q=${max};w=${windowSeconds}`)
  const left = taken.map(({ limit: { name }, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
  return { 'ratelimit-policy': policy.join(', '), ratelimit: left.join(', ') }
}
