import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { contestedUntil } from '#control-plane/core/domain/contest-row.ts'
import { registerTenant } from '#control-plane/core/tenant/register-tenant.ts'
import { getTenant, listTenants } from '#control-plane/core/tenant/tenant-store.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { OwnedPageQuery } from '#shared/contracts/control-api.ts'
import { NewTenantBody, TenantView } from '#shared/contracts/control-operations.ts'
import { domainNameOf } from '../domain-name-of.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { organizationOf } from '../organization-of.ts'
import { ApiFailure } from '../problem.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { tenantView } from '../tenant-views.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const postTenant = createRoute({
  method: 'post',
  path: '/tenants',
  summary: 'Claim a domain: drafts its tenant and its licence',
  ...posts('registerTenant', 'domains:manage'),
  request: { headers: idempotencyHeader, body: body(NewTenantBody) },
  responses: { 201: json(TenantView, 'Claimed; it is set up when its licence is paid.'), ...refusals },
})

const getList = createRoute({
  method: 'get',
  path: '/tenants',
  summary: 'Tenants: one’s own, or all for the vendor, newest first',
  ...reads('listTenants', 'read'),
  request: { query: OwnedPageQuery },
  responses: { 200: json(pageOf(TenantView), 'One page.'), ...refusals },
})

const getOne = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}',
  summary: 'One tenant',
  ...reads('getTenant', 'read'),
  request: { params: z.object({ tenantId: z.string() }) },
  responses: { 200: json(TenantView, 'The tenant.'), ...refusals },
})

export const tenants = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postTenant, async (c) => {
    const { ctx, deps, principal } = c.var
    const { domain_name, licensee_id, placement, dns_mode: dnsMode, region } = c.req.valid('json')
    const organization = await organizationOf(c, licensee_id)
    if (organization.kind !== 'licensee') throw ApiFailure.invalid('Say whose it will be: licensee_id.')
    const { domainName, registrableName, warnings } = domainNameOf(c, domain_name)
    if (warnings.includes('look_alike') && principal.organization.kind !== 'vendor')
      throw ApiFailure.invalid('This name can be taken for another that is written with other letters: ask us for it.')
    if (region !== undefined && !deps.places.regions.includes(region))
      throw ApiFailure.invalid(`Tenants can be in ${deps.places.regions.join(', ')}.`)
    const { tenant } = await registerTenant(ctx, {
      licenseeId: organization.licenseeId,
      domainName,
      registrableName,
      placement,
      dnsMode,
      region: region ?? deps.places.regions[0],
    })
    return c.json(TenantView.parse(tenantView(tenant, principal.organization.kind === 'vendor')), 201)
  })
  .openapi(getList, async (c) => {
    const { ctx, principal } = c.var
    const { limit, after, licensee_id } = c.req.valid('query')
    const organization = await organizationOf(c, licensee_id)
    const page = await listTenants(ctx, {
      limit,
      ...(organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}),
      ...(after === undefined ? {} : { after }),
    })
    const data = page.tenants.map((tenant) => tenantView(tenant, principal.organization.kind === 'vendor'))
    return c.json(pageOf(TenantView).parse(pageView(data, page.next)), 200)
  })
  .openapi(getOne, async (c) => {
    const { ctx, principal } = c.var
    const tenant = await getTenant(ctx, c.req.valid('param').tenantId)
    const view = tenantView(tenant, principal.organization.kind === 'vendor')
    const until = await contestedUntil(ctx, tenant)
    return c.json(TenantView.parse(until === undefined ? view : { ...view, contested_until: isoOf(until) }), 200)
  })
