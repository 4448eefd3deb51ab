import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { desireRelease, pinTenant } from '#control-plane/core/release/desire-release.ts'
import { openRing, registerRelease, withdrawRelease } from '#control-plane/core/release/register-release.ts'
import { listReleases } from '#control-plane/core/release/release.ts'
import { pageOf } from '#shared/contracts/api.ts'
import {
  DesireBody,
  PinBody,
  ReasonBody,
  RegisterReleaseBody,
  ReleaseView,
  RingBody,
  TenantView,
} from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { releaseView, tenantView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const release = z.object({ releaseVersion: z.string() })
const tenant = z.object({ tenantId: z.string() })

const getReleases = createRoute({
  method: 'get',
  path: '/releases',
  summary: 'Releases of the tenant template, newest first; for the vendor',
  ...reads('listReleases', 'vendor:read'),
  responses: { 200: json(pageOf(ReleaseView), 'All of them.'), ...refusals },
})

const postRelease = createRoute({
  method: 'post',
  path: '/releases',
  summary: 'Take a published release into the ledger',
  ...posts('registerRelease', 'vendor:act'),
  request: { headers: idempotencyHeader, body: body(RegisterReleaseBody) },
  responses: { 201: json(ReleaseView, 'Registered, or known with the same content.'), ...refusals },
})

const postRing = createRoute({
  method: 'post',
  path: '/releases/{releaseVersion}/ring',
  summary: 'Open a release’s next ring',
  ...posts('openRing', 'vendor:act'),
  request: { headers: idempotencyHeader, params: release, body: body(RingBody) },
  responses: { 200: json(ReleaseView, 'As it is now.'), ...refusals },
})

const postWithdraw = createRoute({
  method: 'post',
  path: '/releases/{releaseVersion}/withdraw',
  summary: 'No tenant is moved to it any more',
  ...posts('withdrawRelease', 'vendor:act'),
  request: { headers: idempotencyHeader, params: release, body: body(ReasonBody) },
  responses: { 200: json(ReleaseView, 'As it is now.'), ...refusals },
})

const postDesire = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/desire-release',
  summary: 'Say which release a tenant shall stand on; an older one is the way back',
  ...posts('desireRelease', 'vendor:act'),
  request: { headers: idempotencyHeader, params: tenant, body: body(DesireBody) },
  responses: { 200: json(TenantView, 'As it is now.'), ...refusals },
})

const postPin = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/pin',
  summary: 'Keep a tenant on its release until then',
  ...posts('pinTenant', 'vendor:act'),
  request: { headers: idempotencyHeader, params: tenant, body: body(PinBody) },
  responses: { 200: json(TenantView, 'As it is now.'), ...refusals },
})

export const releases = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getReleases, async (c) => {
    const all = await listReleases(c.var.ctx)
    return c.json(pageOf(ReleaseView).parse(pageView(all.map(releaseView), undefined)), 200)
  })
  .openapi(postRelease, async (c) => {
    const { manifest, capacity } = c.req.valid('json')
    const input = { manifest, capacity: { atFirst: capacity.at_first, raised: capacity.raised } }
    return c.json(ReleaseView.parse(releaseView(await registerRelease(c.var.ctx, input))), 201)
  })
  .openapi(postRing, async (c) => {
    const { ring, is_forced: isForced, reason } = c.req.valid('json')
    const opened = await openRing(c.var.ctx, {
      ...c.req.valid('param'),
      ring,
      ...(isForced === undefined ? {} : { isForced }),
      ...(reason === undefined ? {} : { reason }),
    })
    return c.json(ReleaseView.parse(releaseView(opened)), 200)
  })
  .openapi(postWithdraw, async (c) => {
    const withdrawn = await withdrawRelease(c.var.ctx, { ...c.req.valid('param'), ...c.req.valid('json') })
    return c.json(ReleaseView.parse(releaseView(withdrawn)), 200)
  })
  .openapi(postDesire, async (c) => {
    const { release_version: releaseVersion, reason } = c.req.valid('json')
    const { tenantId } = c.req.valid('param')
    const desired = await desireRelease(c.var.ctx, {
      tenantId,
      releaseVersion,
      ...(reason === undefined ? {} : { reason }),
    })
    return c.json(TenantView.parse(tenantView(desired, true)), 200)
  })
  .openapi(postPin, async (c) => {
    const { until, reason } = c.req.valid('json')
    const { tenantId } = c.req.valid('param')
    const pinned = await pinTenant(c.var.ctx, {
      tenantId,
      pinnedUntil: Date.parse(until),
      ...(reason === undefined ? {} : { reason }),
    })
    return c.json(TenantView.parse(tenantView(pinned, true)), 200)
  })
