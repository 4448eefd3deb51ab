import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { checkNow } from '#control-plane/provisioning/check-now.ts'
import { listRuns, readRun } from '#control-plane/provisioning/read-run.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { retryRun } from '#control-plane/provisioning/retry-run.ts'
import { RunFailure } from '#control-plane/provisioning/run.ts'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { ReasonBody, RunSummaryView, RunView, TenantView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { readCurrentRun } from '../read-tenant.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { runSummaryView, runView, tenantView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const params = z.object({ tenantId: z.string() })

const getRun = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/run',
  summary: 'What is being done to a tenant: steps, progress, who acts',
  ...reads('getRun', 'read'),
  request: { params },
  responses: { 200: json(RunView, 'The run that is not finished.'), ...refusals },
})

const getRuns = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/runs',
  summary: 'Runs of a tenant, newest first',
  ...reads('listRuns', 'read'),
  request: { params, query: PageQuery },
  responses: { 200: json(pageOf(RunSummaryView), 'One page.'), ...refusals },
})

const getOneRun = createRoute({
  method: 'get',
  path: '/tenants/{tenantId}/runs/{runId}',
  summary: 'One run of a tenant, finished or not',
  ...reads('getOneRun', 'read'),
  request: { params: params.extend({ runId: z.string() }) },
  responses: { 200: json(RunView, 'The run.'), ...refusals },
})

const postCheck = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/check-now',
  summary: 'Look at what is waited for now, at most once in ten seconds',
  ...posts('checkNow', 'domains:manage'),
  request: { headers: idempotencyHeader, params },
  responses: { 202: json(TenantView, 'Looked for soon.'), ...refusals },
})

const postRetry = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/retry',
  summary: 'Take up what has failed, after it was mended',
  ...posts('retryRun', 'domains:manage'),
  request: { headers: idempotencyHeader, params },
  responses: { 202: json(RunView, 'It goes on.'), ...refusals },
})

const postRetire = createRoute({
  method: 'post',
  path: '/tenants/{tenantId}/retire',
  summary: 'Retire a tenant: its data is exported, then everything is removed in a safe order',
  ...posts('retireTenant', 'tenant:retire'),
  request: { headers: idempotencyHeader, params, body: body(ReasonBody) },
  responses: { 202: json(RunView, 'It begins, or goes on.'), ...refusals },
})

export const runs = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getRun, async (c) => {
    const { ctx, principal } = c.var
    const run = await readCurrentRun(ctx, c.req.valid('param').tenantId)
    if (run === undefined) throw RunFailure.not_found('Nothing is being done with this domain.')
    return c.json(RunView.parse(runView(run, principal.organization.kind === 'vendor')), 200)
  })
  .openapi(getRuns, async (c) => {
    const { limit, after } = c.req.valid('query')
    const { tenantId } = c.req.valid('param')
    const page = await listRuns(c.var.ctx, { tenantId, limit, ...(after === undefined ? {} : { after }) })
    return c.json(pageOf(RunSummaryView).parse(pageView(page.runs.map(runSummaryView), page.next)), 200)
  })
  .openapi(getOneRun, async (c) => {
    const { ctx, principal } = c.var
    const run = await readRun(ctx, c.req.valid('param'))
    return c.json(RunView.parse(runView(run, principal.organization.kind === 'vendor')), 200)
  })
  .openapi(postCheck, async (c) => {
    const { ctx, principal } = c.var
    const { tenantId } = c.req.valid('param')
    await checkNow(ctx, { tenantId })
    const tenant = await getTenant(ctx, tenantId)
    return c.json(TenantView.parse(tenantView(tenant, principal.organization.kind === 'vendor')), 202)
  })
  .openapi(postRetry, async (c) => {
    const { ctx, principal } = c.var
    const run = await retryRun(ctx, c.req.valid('param'))
    return c.json(RunView.parse(runView(run, principal.organization.kind === 'vendor')), 202)
  })
  .openapi(postRetire, async (c) => {
    const { ctx, principal } = c.var
    const { tenantId } = c.req.valid('param')
    const { runId } = await retireTenant(ctx, { tenantId, reason: c.req.valid('json').reason })
    const run = await readRun(ctx, { tenantId, runId })
    return c.json(RunView.parse(runView(run, principal.organization.kind === 'vendor')), 202)
  })
