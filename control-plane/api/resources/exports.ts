import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { askForExport, getExport } from '#control-plane/provisioning/export-tenant.ts'
import { AskedExportView, TenantExportView } from '#shared/contracts/control-claims.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { idempotencyHeader, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const params = z.object({ tenantId: z.string() })

const postExport = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/exports',
  summary: 'Ask for what the control plane knows of a tenant, signed',
  ...posts('askForExport', 'domains:manage'),
  request: { headers: idempotencyHeader, params },
  responses: { 202: json(AskedExportView, 'Signed soon: read it by its id.'), ...refusals },
})

const getOne = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/exports/{exportId}',
  summary: 'What the control plane knew of a tenant, signed; 404 until it is',
  ...reads('getExport', 'domains:manage'),
  request: { params: params.extend({ exportId: z.string() }) },
  responses: { 200: json(TenantExportView, 'The export.'), ...refusals },
})

export const tenantExports = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postExport, async (c) => {
    const { exportId, tenantId } = await askForExport(c.var.ctx, c.req.valid('param'))
    return c.json(AskedExportView.parse({ id: exportId, tenant_id: tenantId }), 202)
  })
  .openapi(getOne, async (c) => {
    const made = await getExport(c.var.ctx, c.req.valid('param'))
    const view = {
      id: made.exportId,
      tenant_id: made.tenantId,
      made_at: isoOf(made.madeAt),
      manifest: made.manifest,
      manifest_sha256: made.manifestSha256,
      kid: made.kid,
      signature: made.signature,
    }
    return c.json(TenantExportView.parse(view), 200)
  })
