import type { Context } from 'hono'
import { type DomainNameReading, readDomainName } from '#control-plane/dns/domain-name.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/** A domain name as a person wrote it, in its A-label form. Throws `api.invalid` with the reason in plain words. */
export function domainNameOf(c: Context<ApiEnv>, entered: string): Extract<DomainNameReading, { readonly kind: 'ok' }> {
  const reading = readDomainName(entered, { allowsReserved: c.var.deps.places.allowsReservedNames })
  if (reading.kind === 'refused') throw ApiFailure.invalid(reading.sentence)
  return reading
}
