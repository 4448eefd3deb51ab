import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { removePasskey, renamePasskey, resetPasskeys } from '#control-plane/core/person/change-passkeys.ts'
import { listPasskeys } from '#control-plane/core/person/passkey-store.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { PasskeyChangeBody, PasskeyResetBody, PasskeyView } from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { freshPerson } from '../fresh-person.ts'
import { posts, reads } from '../operation.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { passkeyView } from '../views.ts'

const params = z.object({ passkeyId: z.string() })

const getPasskeys = createRoute({
  method: 'get',
  path: '/passkeys',
  summary: 'One’s own passkeys, the oldest first; one is added at /passkeys in a browser',
  ...reads('listPasskeys', 'read'),
  responses: { 200: json(pageOf(PasskeyView), 'All of them.'), ...refusals },
})

const patchPasskey = createRoute({
  method: 'patch',
  path: '/passkeys/{passkeyId}',
  summary: 'Rename one of one’s own passkeys; within ten minutes of signing in',
  ...reads('renamePasskey', 'self'),
  request: { params, body: body(PasskeyChangeBody) },
  responses: { 200: json(PasskeyView, 'As it is now.'), ...refusals },
})

const deletePasskey = createRoute({
  method: 'delete',
  path: '/passkeys/{passkeyId}',
  summary:
    'Remove one of one’s own passkeys; within ten minutes of signing in, and never the last of the vendor’s people',
  ...reads('removePasskey', 'self'),
  request: { params },
  responses: { 204: { description: 'Removed.' }, ...refusals },
})

const postReset = createRoute({
  method: 'post',
  path: '/people/{personId}/reset-passkeys',
  summary:
    'One of the vendor’s people lost his: end his passkeys and sessions, so that a mailed link lets him add a first one',
  ...posts('resetPasskeys', 'vendor:act'),
  request: { headers: idempotencyHeader, params: z.object({ personId: z.string() }), body: body(PasskeyResetBody) },
  responses: { 204: { description: 'Reset.' }, ...refusals },
})

export const passkeys = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getPasskeys, async (c) => {
    const { ctx, principal } = c.var
    const all = principal.personId === undefined ? [] : await listPasskeys(ctx, principal.personId)
    return c.json(pageOf(PasskeyView).parse(pageView(all.map(passkeyView), undefined)), 200)
  })
  .openapi(patchPasskey, async (c) => {
    const { passkeyId } = c.req.valid('param')
    const { name } = c.req.valid('json')
    const passkey = await renamePasskey(c.var.ctx, { personId: freshPerson(c), passkeyId, name })
    return c.json(PasskeyView.parse(passkeyView(passkey)), 200)
  })
  .openapi(deletePasskey, async (c) => {
    await removePasskey(c.var.ctx, { personId: freshPerson(c), passkeyId: c.req.valid('param').passkeyId })
    return c.body(null, 204)
  })
  .openapi(postReset, async (c) => {
    await resetPasskeys(c.var.ctx, { personId: c.req.valid('param').personId, ...c.req.valid('json') })
    return c.body(null, 204)
  })
