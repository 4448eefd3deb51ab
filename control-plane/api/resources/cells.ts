import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import type { Cell } from '#control-plane/core/placement/cell.ts'
import { getCell } from '#control-plane/core/placement/cell-store.ts'
import { cellRoom, listCells, registerCell, updateCell } from '#control-plane/core/placement/register-cell.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { CellChangeBody, CellView, NewCellBody } from '#shared/contracts/control-cells.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { cellView } from '../tenant-views.ts'
import { validated } from '../validated.ts'

const params = z.object({ cellId: z.string().max(64) })

const getCells = createRoute({
  method: 'get',
  path: '/cells',
  summary: 'Cells and how many tenants still fit; for the vendor',
  ...reads('listCells', 'vendor:read'),
  responses: { 200: json(pageOf(CellView), 'All of them.'), ...refusals },
})

const postCell = createRoute({
  method: 'post',
  path: '/cells',
  summary: 'Make an account and region with its baseline known as a cell',
  ...posts('registerCell', 'vendor:act'),
  request: { headers: idempotencyHeader, body: body(NewCellBody) },
  responses: { 201: json(CellView, 'It takes tenants.'), ...refusals },
})

const patchCell = createRoute({
  method: 'patch',
  path: '/cells/{cellId}',
  summary: 'Open or close a cell, change its size or what its baseline offers',
  ...reads('changeCell', 'vendor:act'),
  request: { params, body: body(CellChangeBody) },
  responses: { 200: json(CellView, 'As it is now.'), ...refusals },
})

export const cells = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getCells, async (c) => {
    const all = await listCells(c.var.ctx)
    return c.json(pageOf(CellView).parse(pageView(all.map(cellView), undefined)), 200)
  })
  .openapi(postCell, async (c) => {
    const wanted = c.req.valid('json')
    const cell = await registerCell(c.var.ctx, {
      name: wanted.name,
      awsAccountId: wanted.aws_account_id,
      region: wanted.region,
      cap: wanted.cap,
      isOpen: true,
      isCanary: wanted.is_canary,
      cellVersion: wanted.cell_version,
      operatingRoleArn: wanted.operating_role_arn,
      executionRoleArn: wanted.execution_role_arn,
      tenantBoundaryArn: wanted.tenant_boundary_arn,
      routerRoleArn: wanted.router_role_arn,
      cellTableName: wanted.cell_table_name,
      releaseBucket: wanted.release_bucket,
      ...(wanted.alarm_topic_arn === undefined ? {} : { alarmTopicArn: wanted.alarm_topic_arn }),
      ...(wanted.send_rate_table_name === undefined ? {} : { sendRateTableName: wanted.send_rate_table_name }),
    })
    return c.json(CellView.parse(cellView(cellRoom(cell))), 201)
  })
  .openapi(patchCell, async (c) => {
    const { ctx } = c.var
    const before = await getCell(ctx, c.req.valid('param').cellId)
    const change = changeOf(c.req.valid('json'), before)
    const cell = await updateCell(ctx, { cellId: before.cellId, change })
    return c.json(CellView.parse(cellView(cellRoom(cell))), 200)
  })

/** What is not named stays. */
function changeOf(wanted: z.infer<typeof CellChangeBody>, before: Cell): Parameters<typeof updateCell>[1]['change'] {
  const sendRateTableName = wanted.send_rate_table_name ?? before.sendRateTableName
  return {
    cap: wanted.cap ?? before.cap,
    isOpen: wanted.is_open ?? before.isOpen,
    cellVersion: wanted.cell_version ?? before.cellVersion,
    operatingRoleArn: wanted.operating_role_arn ?? before.operatingRoleArn,
    executionRoleArn: wanted.execution_role_arn ?? before.executionRoleArn,
    tenantBoundaryArn: wanted.tenant_boundary_arn ?? before.tenantBoundaryArn,
    routerRoleArn: wanted.router_role_arn ?? before.routerRoleArn,
    cellTableName: wanted.cell_table_name ?? before.cellTableName,
    releaseBucket: wanted.release_bucket ?? before.releaseBucket,
    ...(sendRateTableName === undefined ? {} : { sendRateTableName }),
  }
}
