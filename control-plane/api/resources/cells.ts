import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { listCells } from '#control-plane/core/placement/register-cell.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { CellView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { reads } from '../operation.ts'
import { json, pageView, refusals } from '../responses.ts'
import { cellView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const getCells = createRoute({
  method: 'get',
  path: '/cells',
  summary: 'Cells and how many tenants still fit; for the vendor',
  ...reads('listCells', 'vendor:read'),
  responses: { 200: json(pageOf(CellView), 'All of them.'), ...refusals },
})

export const cells = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getCells, async (c) => {
  const all = await listCells(c.var.ctx)
  return c.json(pageOf(CellView).parse(pageView(all.map(cellView), undefined)), 200)
})
