import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { ResumeSendingBody, SendingView } from '#shared/contracts/sending-api.ts'
import { findSendingStop, resumeSending, type SendingStop } from '#tenant-stack/core/sending-stop/sending-stop.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const getSending = createRoute({
  method: 'get',
  path: '/sending',
  operationId: 'getSending',
  summary: 'Whether mail goes out, or was stopped for its bounces or complaints',
  security: [{ key: ['suppressions:read'] }],
  middleware: [requireScope('suppressions:read')] as const,
  responses: { 200: json(SendingView, 'As it is now.'), ...refusals },
})

const postResume = createRoute({
  method: 'post',
  path: '/sending/resume',
  operationId: 'resumeSending',
  summary: 'Let mail go out again after it was stopped; say what was done about it',
  security: [{ key: ['suppressions:write'] }],
  middleware: [requireScope('suppressions:write'), idempotent] as const,
  request: {
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: ResumeSendingBody } } },
  },
  responses: { 200: json(SendingView, 'As it is now.'), ...refusals },
})

export const sending = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getSending, async (c) => c.json(sendingView(await findSendingStop(c.var.ctx)), 200))
  .openapi(postResume, async (c) => c.json(sendingView(await resumeSending(c.var.ctx, c.req.valid('json'))), 200))

function sendingView(stop: SendingStop | undefined): z.infer<typeof SendingView> {
  if (stop === undefined) return { is_stopped: false }
  return {
    is_stopped: stop.isStopped,
    ...(stop.reason === undefined ? {} : { reason: stop.reason }),
    since: new Date(stop.at).toISOString(),
    counts: stop.counts,
    ...(stop.resumedBecause === undefined ? {} : { resumed_because: stop.resumedBecause }),
  }
}
