import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { holdLegally, liftLegalHold } from '#control-plane/core/tenant/legal-hold.ts'
import { ReasonBody, TenantView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { posts } from '../operation.ts'
import { body, idempotencyHeader, json, refusals } from '../responses.ts'
import { tenantView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const request = { headers: idempotencyHeader, params: z.object({ tenantId: z.string() }), body: body(ReasonBody) }
const responses = { 200: json(TenantView, 'As it is now.'), ...refusals }

const postHold = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/legal-hold',
  summary: 'Keep a tenant’s data whatever becomes of the tenant; the vendor’s act',
  ...posts('holdLegally', 'vendor:act'),
  request,
  responses,
})

const postLift = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/legal-hold/lift',
  summary: 'End a legal hold: data whose time is over is deleted at the next daily look; the vendor’s act',
  ...posts('liftLegalHold', 'vendor:act'),
  request,
  responses,
})

export const legalHolds = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postHold, async (c) => {
    const input = { ...c.req.valid('param'), ...c.req.valid('json') }
    return c.json(TenantView.parse(tenantView(await holdLegally(c.var.ctx, input), true)), 200)
  })
  .openapi(postLift, async (c) => {
    const input = { ...c.req.valid('param'), ...c.req.valid('json') }
    return c.json(TenantView.parse(tenantView(await liftLegalHold(c.var.ctx, input), true)), 200)
  })
