import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { listControlKeys } from '#control-plane/core/control-key/key-store.ts'
import { mintControlKey, revokeControlKey, rotateControlKey } from '#control-plane/core/control-key/mint-key.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { KeyBody, KeyView, OwnedPageQuery, OwnerQuery } from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { organizationOf } from '../organization-of.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { keyView } from '../views.ts'

const params = z.object({ keyId: z.string() })

const getKeys = createRoute({
  method: 'get',
  path: '/keys',
  summary: 'Keys of an organization, revoked ones among them',
  ...reads('listKeys', 'keys:manage'),
  request: { query: OwnedPageQuery },
  responses: { 200: json(pageOf(KeyView), 'One page.'), ...refusals },
})

const postKey = createRoute({
  method: 'post',
  path: '/keys',
  summary: 'Mint a key; its secret is in this answer and nowhere else',
  ...posts('mintKey', 'keys:manage'),
  request: { headers: idempotencyHeader, query: OwnerQuery, body: body(KeyBody) },
  responses: { 201: json(KeyView, 'The key and its secret.'), ...refusals },
})

const postRotation = createRoute({
  method: 'post',
  path: '/keys/{keyId}/rotate',
  summary: 'Mint a key’s successor; the old one lives on for a day',
  ...posts('rotateKey', 'keys:manage'),
  request: { headers: idempotencyHeader, params, query: OwnerQuery },
  responses: { 201: json(KeyView, 'The successor and its secret.'), ...refusals },
})

const deleteKey = createRoute({
  method: 'delete',
  path: '/keys/{keyId}',
  summary: 'Revoke a key, at once',
  ...reads('revokeKey', 'keys:manage'),
  request: { params, query: OwnerQuery },
  responses: { 204: { description: 'Revoked.' }, ...refusals },
})

export const keys = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getKeys, async (c) => {
    const { licensee_id, limit, after } = c.req.valid('query')
    const { ctx } = c.var
    const organization = await organizationOf(c, licensee_id)
    const page = await listControlKeys(ctx, { organization, limit, ...(after === undefined ? {} : { after }) })
    const data = page.keys.map((key) => keyView(key, ctx.clock.now()))
    return c.json(pageOf(KeyView).parse(pageView(data, page.next)), 200)
  })
  .openapi(postKey, async (c) => {
    const { ctx, principal } = c.var
    const organization = await organizationOf(c, c.req.valid('query').licensee_id)
    const { key, secret } = await mintControlKey(ctx, {
      organization,
      ...c.req.valid('json'),
      by: principal.role,
      minter: principal.minter,
    })
    return c.json(KeyView.parse({ ...keyView(key, ctx.clock.now()), secret }), 201)
  })
  .openapi(postRotation, async (c) => {
    const { ctx, principal } = c.var
    const organization = await organizationOf(c, c.req.valid('query').licensee_id)
    const { keyId } = c.req.valid('param')
    const { key, secret } = await rotateControlKey(ctx, {
      organization,
      keyId,
      by: principal.role,
      minter: principal.minter,
    })
    return c.json(KeyView.parse({ ...keyView(key, ctx.clock.now()), secret }), 201)
  })
  .openapi(deleteKey, async (c) => {
    const { ctx, principal } = c.var
    const organization = await organizationOf(c, c.req.valid('query').licensee_id)
    await revokeControlKey(ctx, { organization, keyId: c.req.valid('param').keyId, by: principal.role })
    return c.body(null, 204)
  })
