import type { Context } from 'hono'
import type { Principal } from '#control-plane/core/person/principal.ts'
import { RateFailure, type RetryAfter } from '#shared/rates/limit-rate.ts'
import { rateFields } from '#shared/rates/rate-fields.ts'
import type { Taken } from '#shared/rates/rate-leases.ts'
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
  for (const [name, value] of Object.entries(rateFields(taken))) c.header(name, value)
  const refused = taken.find(({ isWithin }) => !isWithin)
  if (refused === undefined) return
  const cause: RetryAfter = { retryAfterSeconds: refused.resetSeconds }
  throw RateFailure.too_many(`Too many requests of this ${refused.limit.name}; wait a little.`, { cause })
}
