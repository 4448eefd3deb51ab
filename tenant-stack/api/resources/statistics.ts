import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { SeriesQuery, StatisticsView, TotalsView } from '#shared/contracts/statistics-api.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { readTotals } from '#tenant-stack/core/counters/read-totals.ts'
import { requireScope } from '../authenticate.ts'
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

const getTotals = createRoute({
  method: 'get',
  path: '/statistics',
  operationId: 'getStatistics',
  summary: 'The same numbers over every event of the domain',
  security: [{ key: ['statistics:read'] }],
  middleware: [requireScope('statistics:read')] as const,
  request: { query: SeriesQuery },
  responses: { 200: json(TotalsView, 'The numbers.'), ...refusals },
})

const getOfOrganizer = createRoute({
  method: 'get',
  path: '/organizers/{email}/statistics',
  operationId: 'getOrganizerStatistics',
  summary: 'The same numbers over every event of an organizer',
  security: [{ key: ['statistics:read'] }],
  middleware: [requireScope('statistics:read')] as const,
  request: { params: z.object({ email: z.string() }), query: SeriesQuery },
  responses: { 200: json(TotalsView, 'The numbers.'), ...refusals },
})

export const statistics = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getStatistics, async (c) =>
    c.json(StatisticsView.parse(await readStatistics(c.var.ctx, c.req.valid('param').eventId)), 200),
  )
  .openapi(getTotals, async (c) => c.json(TotalsView.parse(await readTotals(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(getOfOrganizer, async (c) => {
    const { email: organizer } = c.req.valid('param')
    return c.json(TotalsView.parse(await readTotals(c.var.ctx, { organizer, ...c.req.valid('query') })), 200)
  })
