import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import type { AuditRow } from '#control-plane/core/audit/audit.ts'
import { allAudit, listAudit } from '#control-plane/core/audit/list-audit.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { AuditExportQuery, AuditQuery, AuditView } from '#shared/contracts/control-api.ts'
import { csvLine } from '../csv.ts'
import type { ApiEnv, ControlCtx } from '../env.ts'
import { reads } from '../operation.ts'
import { organizationOf } from '../organization-of.ts'
import { json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { auditView } from '../views.ts'

const getAudit = createRoute({
  method: 'get',
  path: '/audit',
  summary: 'Who did what, newest first',
  ...reads('listAudit', 'read'),
  request: { query: AuditQuery },
  responses: { 200: json(pageOf(AuditView), 'One page.'), ...refusals },
})

const getExport = createRoute({
  method: 'get',
  path: '/audit/export',
  summary: 'The audit log as NDJSON or CSV, newest first',
  ...reads('exportAudit', 'read'),
  request: { query: AuditExportQuery },
  responses: {
    200: {
      description: 'One row a line.',
      content: { 'application/x-ndjson': { schema: z.string() }, 'text/csv': { schema: z.string() } },
    },
    ...refusals,
  },
})

const COLUMNS = [
  'id',
  'at',
  'action',
  'target_kind',
  'target_id',
  'actor_type',
  'actor_id',
  'actor_role',
  'on_behalf_of',
  'licensee_id',
  'tenant_id',
  'reason',
  'result',
  'request_id',
  'ip_address',
] as const

export const audit = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getAudit, async (c) => {
    const { licensee_id, limit, after, from, to } = c.req.valid('query')
    const page = await listAudit(c.var.ctx, {
      limit,
      ...ofWhom(await organizationOf(c, licensee_id)),
      ...(after === undefined ? {} : { after }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })
    return c.json(pageOf(AuditView).parse(pageView(page.rows.map(auditView), page.next)), 200)
  })
  .openapi(getExport, async (c) => {
    const { licensee_id, from, to, format } = c.req.valid('query')
    const range = {
      ...ofWhom(await organizationOf(c, licensee_id)),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    }
    const isCsv = format === 'csv'
    return c.body(lines(c.var.ctx, range, isCsv ? csvOf : ndjsonOf, isCsv ? csvLine(COLUMNS) : ''), 200, {
      'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      'content-disposition': `attachment; filename="audit.${format}"`,
    })
  })

function ofWhom(organization: Awaited<ReturnType<typeof organizationOf>>) {
  return organization.kind === 'licensee' ? { licenseeId: organization.licenseeId } : {}
}

/** One page of rows at a time: the log of years does not lie in memory. */
function lines(
  ctx: ControlCtx,
  range: Parameters<typeof allAudit>[1],
  lineOf: (row: AuditRow) => string,
  head: string,
): ReadableStream<Uint8Array> {
  const pages = allAudit(ctx, range)
  const encoder = new TextEncoder()
  let isFirst = true
  return new ReadableStream({
    async pull(controller) {
      const page = await pages.next()
      if (page.done === true) return controller.close()
      controller.enqueue(encoder.encode((isFirst ? head : '') + page.value.map(lineOf).join('')))
      isFirst = false
    },
  })
}

function ndjsonOf(row: AuditRow): string {
  return `${JSON.stringify(AuditView.parse(auditView(row)))}\n`
}

function csvOf(row: AuditRow): string {
  const { at, ...view } = auditView(row)
  return csvLine([
    view.id,
    at,
    view.action,
    view.target.kind,
    view.target.id,
    view.actor.type,
    view.actor.id,
    view.actor.role,
    view.actor.on_behalf_of,
    view.licensee_id,
    view.tenant_id,
    view.reason,
    view.result,
    view.request_id,
    view.ip_address,
  ])
}
