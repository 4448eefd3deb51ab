import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { EventView, PageQuery, pageOf } from '#shared/contracts/api.ts'
import { getContent, getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { requireScope } from '../authenticate-key.ts'
import type { ApiEnv } from '../env.ts'
import { etagOf } from '../etag.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { eventView } from '../views.ts'

const getOne = createRoute({
  method: 'get',
  path: '/events/{eventId}',
  operationId: 'getEvent',
  summary: 'One event: its UID, subject, times, body, organizer, status and links',
  security: [{ key: ['events:read'] }],
  middleware: [requireScope('events:read')] as const,
  request: { params: z.object({ eventId: z.string() }) },
  responses: { 200: json(EventView, 'The event.'), ...refusals },
})

const getList = createRoute({
  method: 'get',
  path: '/events',
  operationId: 'listEvents',
  summary: 'Every event of the domain, newest first',
  security: [{ key: ['events:read'] }],
  middleware: [requireScope('events:read')] as const,
  request: { query: PageQuery },
  responses: { 200: json(pageOf(EventView), 'One page.'), ...refusals },
})

export const events = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getOne, async (c) => {
    const { ctx } = c.var
    const calendarEvent = await getEvent(ctx, c.req.valid('param').eventId)
    const content = await getContent(ctx, calendarEvent.seriesBlobKey)
    c.header('etag', etagOf(calendarEvent))
    return c.json(EventView.parse(eventView(ctx, calendarEvent, content)), 200)
  })
  .openapi(getList, async (c) => {
    const { ctx } = c.var
    const { limit, after } = c.req.valid('query')
    const page = await listEvents(ctx, { limit, ...(after === undefined ? {} : { after }) })
    const data = await Promise.all(
      page.events.map(async (calendarEvent) =>
        eventView(ctx, calendarEvent, await getContent(ctx, calendarEvent.seriesBlobKey)),
      ),
    )
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    return c.json(pageOf(EventView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })
