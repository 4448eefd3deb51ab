import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { ExportBody, ExportView, PersonFile } from '#shared/contracts/privacy-api.ts'
import { ExportFailure, findJob, type PersonJob } from '#tenant-stack/core/person/person-job.ts'
import { readPersonFile } from '#tenant-stack/core/person/read-file.ts'
import { listJobs, requestJob } from '#tenant-stack/core/person/request-job.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const params = z.object({ exportId: z.string() })

const postExport = createRoute({
  method: 'post',
  path: '/exports',
  operationId: 'createExport',
  summary: 'Write out what is held about one person',
  security: [{ key: ['privacy:export'] }],
  middleware: [requireScope('privacy:export'), idempotent] as const,
  request: {
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: ExportBody } } },
  },
  responses: { 202: json(ExportView, 'It is promised.'), ...refusals },
})

const getExports = createRoute({
  method: 'get',
  path: '/exports',
  operationId: 'listExports',
  summary: 'Exports, newest first',
  security: [{ key: ['privacy:read'] }],
  middleware: [requireScope('privacy:read')] as const,
  request: { query: PageQuery },
  responses: { 200: json(pageOf(ExportView), 'One page.'), ...refusals },
})

const getExport = createRoute({
  method: 'get',
  path: '/exports/{exportId}',
  operationId: 'getExport',
  summary: 'How far an export is, and what is in it',
  security: [{ key: ['privacy:read'] }],
  middleware: [requireScope('privacy:read')] as const,
  request: { params },
  responses: { 200: json(ExportView, 'As it stands.'), ...refusals },
})

const getFile = createRoute({
  method: 'get',
  path: '/exports/{exportId}/file',
  operationId: 'getExportFile',
  summary: 'The file of an export, for seven days from when it is done (410 after that)',
  security: [{ key: ['privacy:export'] }],
  middleware: [requireScope('privacy:export')] as const,
  request: { params },
  responses: { 200: json(PersonFile, 'The whole file.'), ...refusals, ...conflict },
})

export const personExports = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postExport, async (c) => {
    const { email, reason } = c.req.valid('json')
    const requestedBy = c.var.principal.actorId
    const job = await requestJob(c.var.ctx, { email, reason, act: 'export', suppresses: false, requestedBy })
    return c.json(ExportView.parse(exportView(job)), 202)
  })
  .openapi(getExports, async (c) => {
    const { jobs, next } = await listJobs(c.var.ctx, { of: 'exports', ...c.req.valid('query') })
    const cursor = next === undefined ? {} : { next_cursor: next }
    return c.json(
      pageOf(ExportView).parse({ data: jobs.map(exportView), has_more: next !== undefined, ...cursor }),
      200,
    )
  })
  .openapi(getExport, async (c) => {
    const { exportId } = c.req.valid('param')
    const job = exportId.startsWith('exp_') ? await findJob(c.var.ctx, exportId) : undefined
    if (job === undefined) throw ExportFailure.not_found('There is no such export.')
    return c.json(ExportView.parse(exportView(job)), 200)
  })
  .openapi(getFile, async (c) => {
    const { exportId } = c.req.valid('param')
    const file = PersonFile.parse(await readPersonFile(c.var.ctx, exportId))
    c.header('content-disposition', `attachment; filename="person-${exportId}.json"`)
    return c.json(file, 200)
  })

function exportView(job: PersonJob): z.infer<typeof ExportView> {
  const { jobId, state, addressHash, reason, requestedBy, requestedAt, doneAt, counts, filedUntil } = job
  return {
    id: jobId,
    state,
    email_sha256: addressHash,
    ...(reason === undefined ? {} : { reason }),
    requested_by: requestedBy,
    requested_at: new Date(requestedAt).toISOString(),
    ...(doneAt === undefined ? {} : { done_at: new Date(doneAt).toISOString() }),
    counts,
    ...(filedUntil === undefined ? {} : { file_until: new Date(filedUntil * 1000).toISOString() }),
  }
}
