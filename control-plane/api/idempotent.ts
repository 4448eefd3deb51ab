import { createMiddleware } from 'hono/factory'
import * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { ApiEnv, ControlCtx } from './env.ts'
import { ApiFailure } from './problem.ts'

/** How long an Idempotency-Key names its first answer. */
const KEY_SECONDS = 24 * 3600
/** A first request that died leaves its key free again after this long. */
const IN_FLIGHT_MS = 30_000

/** Members of answers that are kept as a hash alone, or not at all. */
const SHOWN_ONCE: readonly string[] = ['secret', 'token']

const Stored = z.object({
  requestHash: z.string(),
  startedAt: z.number(),
  status: z.number().optional(),
  body: z.string().optional(),
})

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
  const replay = await claim(ctx, key, requestHash)
  if (replay !== undefined) return replay
  await next()
  const { status } = c.res
  if (status >= 500 || status === 429 || status === 409) await ctx.table.write({ kind: 'delete', key })
  else
    await ctx.table.write({
      kind: 'update',
      key,
      set: { status, body: storable(await c.res.clone().text()) },
      when: { row: 'present' },
    })
})

async function claim(ctx: ControlCtx, key: TableKey, requestHash: string): Promise<Response | undefined> {
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
    return undefined
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return replayOf(Stored.parse((await ctx.table.get(key)) ?? { requestHash, startedAt: now }), requestHash)
  }
}

function replayOf(stored: z.infer<typeof Stored>, requestHash: string): Response {
  if (stored.requestHash !== requestHash)
    throw ApiFailure.idempotency_mismatch('This Idempotency-Key was used for another request.')
  if (stored.status === undefined || stored.body === undefined)
    throw ApiFailure.idempotency_in_flight('The first request with this Idempotency-Key is still running.')
  const contentType = stored.status < 400 ? 'application/json' : 'application/problem+json'
  return new Response(stored.body === '' ? null : stored.body, {
    status: stored.status,
    headers: { 'content-type': contentType, 'idempotent-replay': 'true' },
  })
}

/** What is shown once is not kept: a replay says the same without it. */
function storable(body: string): string {
  if (body === '') return ''
  const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(body))
  return JSON.stringify(Object.fromEntries(Object.entries(parsed).filter(([name]) => !SHOWN_ONCE.includes(name))))
}
