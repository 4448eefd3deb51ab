import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { StatisticsView } from '#shared/contracts/api.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { requireScope } from '../authenticate-key.ts'
import type { ApiEnv } from '../env.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const getStatistics = createRoute({
  method: 'get',
  path: '/events/{eventId}/statistics',
  operationId: 'getEventStatistics',
  summary: 'Attendees, answers, mail, channels and clients of one event, and over time',
  security: [{ key: ['statistics:read'] }],
  middleware: [requireScope('statistics:read')] as const,
  request: { params: z.object({ eventId: z.string() }) },
  responses: { 200: json(StatisticsView, 'The numbers.'), ...refusals },
})

export const statistics = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getStatistics, async (c) =>
  c.json(StatisticsView.parse(await readStatistics(c.var.ctx, c.req.valid('param').eventId)), 200),
)
