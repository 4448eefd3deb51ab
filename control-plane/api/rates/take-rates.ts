import type { Context } from 'hono'
import { RateFailure, type RetryAfter } from '#control-plane/core/person/limit-rate.ts'
import type { Principal } from '#control-plane/core/person/principal.ts'
import type { Taken } from '#control-plane/core/person/rate-leases.ts'
import { sourceNetworkOf } from '#shared/runtime/source-network.ts'
import { systemCtx } from '../caller.ts'
import type { ApiEnv } from '../env.ts'
import type { ApiLimits } from './api-limits.ts'

type Asked = { readonly name: keyof ApiLimits; readonly of: string }

/** Counts a request of whoever has shown who he is. Throws `rate.too_many`. */
export function takeRates(c: Context<ApiEnv>, { personId, actor, organization }: Principal): Promise<void> {
  const own: Asked = personId === undefined ? { name: 'key', of: actor.id } : { name: 'person', of: personId }
  return takeAll(c, organization.kind === 'licensee' ? [own, { name: 'licensee', of: organization.licenseeId }] : [own])
}

/** Counts a request of nobody. Throws `rate.too_many`. */
export function takeAddressRate(c: Context<ApiEnv>): Promise<void> {
  return takeAll(c, [{ name: 'address', of: sourceNetworkOf(c.var.deps.ipAddressOf(c)) }])
}

async function takeAll(c: Context<ApiEnv>, asked: readonly Asked[]): Promise<void> {
  const { leases, limits } = c.var.rates
  const taken: Taken[] = []
  for (const { name, of } of asked) taken.push(await leases.take(systemCtx(c), limits[name], of))
  say(c, taken)
  const refused = taken.find(({ isWithin }) => !isWithin)
  if (refused === undefined) return
  const cause: RetryAfter = { retryAfterSeconds: refused.resetSeconds }
  throw RateFailure.too_many(`Too many requests of this ${refused.limit.name}; wait a little.`, { cause })
}

/** `RateLimit-Policy` says every limit, `RateLimit` what is left of each, as far as is known (draft-ietf-httpapi-ratelimit-headers, §3 and §4). */
function say(c: Context<ApiEnv>, taken: readonly Taken[]): void {
  const policy = taken.map(({ limit: { name, max, windowSeconds } }) => `"${name}";q=${max};w=${windowSeconds}`)
  const left = taken.map(({ limit: { name }, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
  c.header('ratelimit-policy', policy.join(', '))
  c.header('ratelimit', left.join(', '))
}
