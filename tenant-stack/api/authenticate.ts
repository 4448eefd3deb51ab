import { createMiddleware } from 'hono/factory'
import type { ApiScope } from '#shared/contracts/api.ts'
import { findApiKey } from '#tenant-stack/core/api-key/find-key.ts'
import { assertLicensed } from '#tenant-stack/core/licence-standing/held-work.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'
import { takeRate } from './take-rate.ts'

/**
 * Lets a request in by `Authorization: Bearer …` or `x-api-key`, if its key has every scope and a request left this minute; one that changes something
 * needs a licence.
 */
export function requireScope(scope: ApiScope, ...more: readonly ApiScope[]) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const secret = bearer ?? c.req.header('x-api-key')
    const apiKey = secret === undefined ? undefined : await findApiKey(c.var.ctx, secret)
    if (apiKey === undefined)
      throw ApiFailure.unauthorized('Send a valid key as "Authorization: Bearer cvk_…" or in the header x-api-key.')
    await takeRate(c, apiKey)
    const lacked = [scope, ...more].find((one) => !apiKey.scopes.includes(one))
    if (lacked !== undefined) throw ApiFailure.forbidden(`This key lacks the scope ${lacked}.`)
    // Before the idempotency of a route: a refusal must not be kept as the answer to a key.
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') await assertLicensed(c.var.ctx)
    c.set('apiKey', apiKey)
    await next()
  })
}
