import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { readDomain } from '#control-plane/core/domain/domain-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { findParentZone } from '#control-plane/dns/parent-zone.ts'
import { providerOf } from '#control-plane/dns/providers.ts'
import { DomainView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { reads } from '../operation.ts'
import { json, refusals } from '../responses.ts'
import { domainView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const getDomain = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/domain',
  summary: 'What DNS has to say of a tenant’s domain, what it says, and what the licensee does',
  ...reads('getDomain', 'read'),
  request: { params: z.object({ tenantId: z.string() }) },
  responses: { 200: json(DomainView, 'As it was last seen.'), ...refusals },
})

export const domains = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getDomain, async (c) => {
  const { ctx } = c.var
  const { tenantId } = c.req.valid('param')
  const [{ dnsMode }, domain] = await Promise.all([getTenant(ctx, tenantId), readDomain(ctx, tenantId)])
  const parent = await findParentZone(ctx.dns, domain.domainName)
  const known = parent === 'cannot_tell' ? undefined : parent
  const view = domainView(domain, {
    dnsMode,
    parentZone: known?.zoneName,
    provider: known === undefined ? undefined : providerOf(known.nameServers),
  })
  return c.json(DomainView.parse(view), 200)
})
