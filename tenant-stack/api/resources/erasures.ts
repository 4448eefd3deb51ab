import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { ErasureBody, ErasureView } from '#shared/contracts/privacy-api.ts'
import { ErasureFailure, findJob, type PersonJob } from '#tenant-stack/core/person/person-job.ts'
import { listJobs, requestJob } from '#tenant-stack/core/person/request-job.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const postErasure = createRoute({
  method: 'post',
  path: '/erasures',
  operationId: 'createErasure',
  summary: 'Erase one person: all that names his address, but for counts and a hash; it cannot be undone',
  security: [{ key: ['privacy:write'] }],
  middleware: [requireScope('privacy:write'), idempotent] as const,
  request: {
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: ErasureBody } } },
  },
  responses: {
    202: json(ErasureView, 'It is promised; or the one of the same address that runs.'),
    ...refusals,
    ...conflict,
  },
})

const getErasures = createRoute({
  method: 'get',
  path: '/erasures',
  operationId: 'listErasures',
  summary: 'Erasures, newest first',
  security: [{ key: ['privacy:read'] }],
  middleware: [requireScope('privacy:read')] as const,
  request: { query: PageQuery },
  responses: { 200: json(pageOf(ErasureView), 'One page.'), ...refusals },
})

const getErasure = createRoute({
  method: 'get',
  path: '/erasures/{erasureId}',
  operationId: 'getErasure',
  summary: 'How far an erasure is, and what it has found',
  security: [{ key: ['privacy:read'] }],
  middleware: [requireScope('privacy:read')] as const,
  request: { params: z.object({ erasureId: z.string() }) },
  responses: { 200: json(ErasureView, 'As it stands.'), ...refusals },
})

export const erasures = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postErasure, async (c) => {
    const { email, reason, suppress: suppresses, dry_run: isDryRun } = c.req.valid('json')
    const requestedBy = c.var.principal.actorId
    const act = isDryRun ? 'count' : 'erase'
    const job = await requestJob(c.var.ctx, { email, reason, suppresses, act, requestedBy })
    return c.json(ErasureView.parse(erasureView(job)), 202)
  })
  .openapi(getErasures, async (c) => {
    const { jobs, next } = await listJobs(c.var.ctx, { of: 'erasures', ...c.req.valid('query') })
    const cursor = next === undefined ? {} : { next_cursor: next }
    return c.json(
      pageOf(ErasureView).parse({ data: jobs.map(erasureView), has_more: next !== undefined, ...cursor }),
      200,
    )
  })
  .openapi(getErasure, async (c) => {
    const { erasureId } = c.req.valid('param')
    const job = erasureId.startsWith('era_') ? await findJob(c.var.ctx, erasureId) : undefined
    if (job === undefined) throw ErasureFailure.not_found('There is no such erasure.')
    return c.json(ErasureView.parse(erasureView(job)), 200)
  })

function erasureView(job: PersonJob): z.infer<typeof ErasureView> {
  const { jobId, state, addressHash, reason, requestedBy, requestedAt, doneAt, counts, act, suppresses, passes } = job
  return {
    id: jobId,
    state,
    email_sha256: addressHash,
    ...(reason === undefined ? {} : { reason }),
    requested_by: requestedBy,
    requested_at: new Date(requestedAt).toISOString(),
    ...(doneAt === undefined ? {} : { done_at: new Date(doneAt).toISOString() }),
    counts,
    is_dry_run: act === 'count',
    suppress: suppresses,
    passes,
  }
}
