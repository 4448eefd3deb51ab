import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { DomainView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { reads } from '../operation.ts'
import { readDomainView } from '../read-tenant.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const getDomain = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/domain',
  summary: 'What DNS has to say of a tenant’s domain, what it says, and what the licensee does',
  ...reads('getDomain', 'read'),
  request: { params: z.object({ tenantId: z.string() }) },
  responses: { 200: json(DomainView, 'As it was last seen.'), ...refusals },
})

export const domains = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getDomain, async (c) =>
  c.json(DomainView.parse(await readDomainView(c.var.ctx, c.req.valid('param').tenantId)), 200),
)
