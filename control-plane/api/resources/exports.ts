import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { exportTenant } from '#control-plane/provisioning/export-tenant.ts'
import { TenantExportView } from '#shared/contracts/control-claims.ts'
import type { ApiEnv } from '../env.ts'
import { posts } from '../operation.ts'
import { idempotencyHeader, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const postExport = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/export',
  summary: 'What the control plane knows of a tenant, signed',
  ...posts('exportTenant', 'domains:manage'),
  request: { headers: idempotencyHeader, params: z.object({ tenantId: z.string() }) },
  responses: { 201: json(TenantExportView, 'Signed now.'), ...refusals },
})

export const tenantExports = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(postExport, async (c) => {
  const made = await exportTenant(c.var.ctx, c.req.valid('param'))
  const view = {
    id: made.exportId,
    tenant_id: made.tenantId,
    made_at: isoOf(made.madeAt),
    manifest: made.manifest,
    manifest_sha256: made.manifestSha256,
    kid: made.kid,
    signature: made.signature,
  }
  return c.json(TenantExportView.parse(view), 201)
})
