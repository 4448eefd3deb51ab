import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { ApiEnv } from './env.ts'
import { ApiFailure } from './problem.ts'

/** As the routes' contracts have it. */
const KEY_CHARACTERS_MAX = 255
/** How long an Idempotency-Key names its first answer. */
const KEY_SECONDS = 24 * 3600
/** A first request that died leaves its key free again after this long. */
const IN_FLIGHT_MS = 30_000

const Stored = z.object({
  requestHash: z.string(),
  startedAt: z.number(),
  status: z.number().optional(),
  body: z.string().optional(),
})

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same key with the same request gets the first answer again,
 * with another request 422, beside a running one 409. Answers of 500 and above are not kept.
 */
export const idempotent = answersAgain((body) => body)

/** The same of a route that answers with a secret: it is shown once, so that what is kept, and answered again, lacks it. */
export const idempotentSecret = answersAgain((body) => {
  const { secret: _, ...rest } = z.record(z.string(), z.unknown()).parse(JSON.parse(body))
  return JSON.stringify(rest)
})

function answersAgain(kept: (body: string) => string) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const header = c.req.header('idempotency-key')
    if (header === undefined || header === '') return next()
    // The route refuses it, and that is no answer to keep.
    if (header.length > KEY_CHARACTERS_MAX) return next()
    const { ctx, apiKey } = c.var
    const key = { pk: `idem#${apiKey.keyId}#${ctx.sha256(header)}`, sk: 'idem' }
    const requestHash = ctx.sha256(
      `${c.req.method} ${c.req.path}${new URL(c.req.url).search}\n${textOf(await c.req.arrayBuffer(), c.req.header('content-type') ?? '')}`,
    )
    const now = ctx.clock.now()
    try {
      await ctx.table.write({
        kind: 'put',
        item: { ...key, requestHash, startedAt: now, expiresAt: Math.floor(now / 1000) + KEY_SECONDS },
        when: {
          anyOf: [
            { row: 'absent' },
            {
              allOf: [
                { attribute: 'status', is: 'absent' },
                { attribute: 'requestHash', is: '=', value: requestHash },
                { attribute: 'startedAt', is: '<', value: now - IN_FLIGHT_MS },
              ],
            },
          ],
        },
      })
    } catch (error) {
      if (!isFailure(error, 'table.condition_failed')) throw error
      const stored = Stored.parse((await ctx.table.get(key)) ?? { requestHash, startedAt: now })
      if (stored.requestHash !== requestHash)
        throw ApiFailure.idempotency_mismatch('This Idempotency-Key was used for another request.')
      if (stored.status === undefined || stored.body === undefined)
        throw ApiFailure.idempotency_in_flight('The first request with this Idempotency-Key is still running.')
      return new Response(stored.body, {
        status: stored.status,
        headers: {
          'content-type': stored.status < 400 ? 'application/json' : 'application/problem+json',
          'idempotent-replay': 'true',
        },
      })
    }
    await next()
    const { status } = c.res
    if (status >= 500 || status === 429 || status === 409) await ctx.table.write({ kind: 'delete', key })
    else
      await ctx.table.write({
        kind: 'update',
        key,
        set: { status, body: kept(await c.res.clone().text()) },
        when: { row: 'present' },
      })
  })
}

/** The body as text of one unit for each byte, without the boundary of a form: each sending of the same form has another (RFC 2046 §5.1.1). */
function textOf(bytes: ArrayBuffer, contentType: string): string {
  const text = Buffer.from(bytes).toString('latin1')
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare
  return boundary === undefined ? text : text.replaceAll(`--${boundary}`, '--')
}
