import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { HandOverView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { handOver } from '../hand-over.ts'
import { reads } from '../operation.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const postHandOver = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/hand-over',
  summary: 'Into the tenant’s console, for a minute and one use; each call is a new way in',
  // Not kept for replays: a way in that lasts a minute is asked for again.
  ...reads('handOver', 'console:enter'),
  request: { params: z.object({ tenantId: z.string() }) },
  responses: { 201: json(HandOverView, 'Post the token there.'), ...refusals },
})

export const handOvers = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(postHandOver, async (c) => {
  const { ctx, deps, principal } = c.var
  const { tenant, token, expiresAt } = await handOver(ctx, { principal, ...c.req.valid('param') })
  const url = `${deps.consoleUrlOf(tenant)}/hand-over`
  return c.json(HandOverView.parse({ url, token, expires_at: isoOf(expiresAt) }), 201)
})
