import { createMiddleware } from 'hono/factory'
import { claimOnce, keepAnswer, withoutSecrets } from '#shared/runtime/answer-once.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/** Members of answers that are kept as a hash alone, or not at all. */
const SHOWN_ONCE: readonly string[] = ['secret', 'token']

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same key with the same request gets the first answer again,
 * with another request 422, beside a running one 409. Answers of 500 and above are not kept. Goes after `needs`.
 */
export const idempotent = createMiddleware<ApiEnv>(async (c, next) => {
  const header = c.req.header('idempotency-key')
  if (header === undefined || header === '') return next()
  const { ctx, principal } = c.var
  const { actor } = principal
  const scope = ctx.scope.kind === 'all' ? 'all' : ctx.scope.licenseeId
  const name = ctx.sha256(`${actor.type}#${actor.id}#${scope}#${header}`)
  const key = { pk: `idem#${name}`, sk: 'idem' }
  const requestHash = ctx.sha256(`${c.req.method} ${c.req.url}\n${await c.req.text()}`)
  c.set('onceKey', `${name}-${requestHash}`)
  const claimed = await claimOnce(ctx, key, requestHash)
  if (claimed.kind === 'again') return claimed.response
  if (claimed.kind === 'mismatch')
    throw ApiFailure.idempotency_mismatch('This Idempotency-Key was used for another request.')
  if (claimed.kind === 'in_flight')
    throw ApiFailure.idempotency_in_flight('The first request with this Idempotency-Key is still running.')
  await next()
  await keepAnswer(ctx, key, { status: c.res.status, body: withoutSecrets(await c.res.clone().text(), SHOWN_ONCE) })
})
