import { createMiddleware } from 'hono/factory'
import type { ApiScope } from '#shared/contracts/api.ts'
import { findApiKey } from '#tenant-stack/core/api-key/find-key.ts'
import { assertLicensed } from '#tenant-stack/core/licence-standing/held-work.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/** Lets a request in by `Authorization: Bearer …` or `x-api-key`, if its key has the scope; one that changes something needs a licence. */
export function requireScope(scope: ApiScope) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    const secret = bearer ?? c.req.header('x-api-key')
    const apiKey = secret === undefined ? undefined : await findApiKey(c.var.ctx, secret)
    if (apiKey === undefined)
      throw ApiFailure.unauthorized('Send a valid key as "Authorization: Bearer cvk_…" or in the header x-api-key.')
    if (!apiKey.scopes.includes(scope)) throw ApiFailure.forbidden(`This key lacks the scope ${scope}.`)
    // Before the idempotency of a route: a refusal must not be kept as the answer to a key.
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') await assertLicensed(c.var.ctx)
    c.set('apiKey', apiKey)
    await next()
  })
}
