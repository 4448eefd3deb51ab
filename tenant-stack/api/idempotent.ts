import { createMiddleware } from 'hono/factory'
import { claimOnce, keepAnswer, withoutSecrets } from '#shared/runtime/answer-once.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/** As the routes' contracts have it. */
const KEY_CHARACTERS_MAX = 255

/** Shown once: a repeated request is answered without it. */
const SHOWN_ONCE: readonly string[] = ['secret']

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same key with the same request gets the first answer again,
 * with another request 422, beside a running one 409. Answers of 500 and above are not kept.
 */
export const idempotent = createMiddleware<ApiEnv>(async (c, next) => {
  const header = c.req.header('idempotency-key')
  if (header === undefined || header === '') return next()
  // The route refuses it, and that is no answer to keep.
  if (header.length > KEY_CHARACTERS_MAX) return next()
  const { ctx, principal } = c.var
  const key = { pk: `idem#${principal.actorId}#${ctx.sha256(header)}`, sk: 'idem' }
  const requestHash = ctx.sha256(
    `${c.req.method} ${c.req.path}${new URL(c.req.url).search}\n${textOf(await c.req.arrayBuffer(), c.req.header('content-type') ?? '')}`,
  )
  const claimed = await claimOnce(ctx, key, requestHash)
  if (claimed.kind === 'again') return claimed.response
  if (claimed.kind === 'mismatch')
    throw ApiFailure.idempotency_mismatch('This Idempotency-Key was used for another request.')
  if (claimed.kind === 'in_flight')
    throw ApiFailure.idempotency_in_flight('The first request with this Idempotency-Key is still running.')
  await next()
  await keepAnswer(ctx, key, { status: c.res.status, body: withoutSecrets(await c.res.clone().text(), SHOWN_ONCE) })
})

/** The body as text of one unit for each byte, without the boundary of a form: each sending of the same form has another (RFC 2046 §5.1.1). */
function textOf(bytes: ArrayBuffer, contentType: string): string {
  const text = Buffer.from(bytes).toString('latin1')
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  return boundary === undefined ? text : text.replaceAll(`--${boundary}`, '--')
}
