import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { KeyBody, KeyView, KeyWithSecretView, RevokeKeyQuery, RotateKeyBody } from '#shared/contracts/keys-api.ts'
import { findKeyRecord, KeyFailure } from '#tenant-stack/core/api-key/api-key.ts'
import { revokeKey, rotateKey } from '#tenant-stack/core/api-key/change-key.ts'
import { createKeyBy } from '#tenant-stack/core/api-key/create-key.ts'
import { type ListedKey, listKeys, withUse } from '#tenant-stack/core/api-key/list-keys.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const params = z.object({ keyId: z.string() })
const headers = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })
const writable = {
  security: [{ key: ['keys:write'] }],
  middleware: [requireScope('keys:write'), idempotent],
}

const getKeys = createRoute({
  method: 'get',
  path: '/keys',
  operationId: 'listKeys',
  summary: 'API keys, newest first, without their secrets',
  security: [{ key: ['keys:read'] }],
  middleware: [requireScope('keys:read')] as const,
  request: { query: PageQuery },
  responses: { 200: json(pageOf(KeyView), 'One page.'), ...refusals },
})

const postKey = createRoute({
  method: 'post',
  path: '/keys',
  operationId: 'createKey',
  summary: 'Make an API key; its secret is shown once',
  ...writable,
  request: { headers, body: { required: true, content: { 'application/json': { schema: KeyBody } } } },
  responses: { 201: json(KeyWithSecretView, 'The key, with its secret.'), ...refusals, ...conflict },
})

const postRotate = createRoute({
  method: 'post',
  path: '/keys/{keyId}/rotate',
  operationId: 'rotateKey',
  summary: 'Give a key a new secret; the one before lives on for the overlap',
  ...writable,
  request: { params, headers, body: { required: true, content: { 'application/json': { schema: RotateKeyBody } } } },
  responses: { 200: json(KeyWithSecretView, 'The key, with its new secret.'), ...refusals, ...conflict },
})

const deleteKey = createRoute({
  method: 'delete',
  path: '/keys/{keyId}',
  operationId: 'revokeKey',
  summary: 'End a key at once; again it changes nothing',
  security: [{ key: ['keys:write'] }],
  middleware: [requireScope('keys:write')] as const,
  request: { params, query: RevokeKeyQuery },
  responses: { 204: { description: 'It lets nobody in any more.' }, ...refusals, ...conflict },
})

export const keys = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getKeys, async (c) => {
    const { limit, after } = c.req.valid('query')
    const page = await listKeys(c.var.ctx, { limit, ...(after === undefined ? {} : { after }) })
    const data = page.keys.map((key) => keyView(c.var.ctx, key))
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    return c.json(pageOf(KeyView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })
  .openapi(deleteKey, async (c) => {
    const { force } = c.req.valid('query')
    await revokeKey(c.var.ctx, { ...c.req.valid('param'), isForced: force === 'true' })
    return c.body(null, 204)
  })

keys.openapi(postKey, async (c) => {
  const { ctx, principal } = c.var
  const { label, scopes, expires_at: ends } = c.req.valid('json')
  const made = await createKeyBy(ctx, principal, {
    label,
    scopes: [...new Set(scopes)],
    ...(ends === undefined ? {} : { expiresAt: Math.floor(Date.parse(ends) / 1000) }),
  })
  const record = await findKeyRecord(ctx, made.apiKey.keyId)
  if (record === undefined) throw KeyFailure.not_found('There is no such key.')
  return c.json(KeyWithSecretView.parse({ ...keyView(ctx, { record }), secret: made.secret }), 201)
})

keys.openapi(postRotate, async (c) => {
  const { ctx, principal } = c.var
  const { overlap_seconds: overlapSeconds } = c.req.valid('json')
  const { record, secret } = await rotateKey(ctx, principal, { ...c.req.valid('param'), overlapSeconds })
  const [listed] = await withUse(ctx, [record])
  return c.json(KeyWithSecretView.parse({ ...keyView(ctx, listed ?? { record }), secret }), 200)
})

function keyView(ctx: Ctx, { record, lastUsedDay }: ListedKey): z.infer<typeof KeyView> {
  const nowSeconds = ctx.clock.now() / 1000
  const { revokedAt, expiresAt } = record
  const live = revokedAt === undefined ? record.secrets.filter((one) => (one.expiresAt ?? Infinity) > nowSeconds) : []
  return {
    id: record.keyId,
    label: record.label,
    scopes: record.scopes,
    secrets: live.map((one) => ({ prefix: one.prefix, ...ends(one.expiresAt) })),
    created_at: new Date(record.createdAt).toISOString(),
    ...(lastUsedDay === undefined ? {} : { last_used_on: lastUsedDay }),
    ...ends(expiresAt),
    ...(revokedAt === undefined ? {} : { revoked_at: new Date(revokedAt).toISOString() }),
  }
}

function ends(seconds: number | undefined): { readonly expires_at?: string } {
  return seconds === undefined ? {} : { expires_at: new Date(seconds * 1000).toISOString() }
}
