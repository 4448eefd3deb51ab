import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { calendarFile } from '#tenant-stack/core/calendar-event/calendar-file.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { etagOf } from '../etag.ts'
import { refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const getFile = createRoute({
  method: 'get',
  path: '/events/{eventId}/calendar.ics',
  operationId: 'downloadCalendar',
  summary: 'An event as a file that any calendar takes in, without its attendees',
  security: [{ key: ['events:read'] }],
  middleware: [requireScope('events:read')] as const,
  request: { params: z.object({ eventId: z.string() }) },
  responses: {
    200: {
      description: 'iCalendar (RFC 5545) with METHOD:PUBLISH, under the UID of the event’s invites.',
      content: { 'text/calendar': { schema: z.string() } },
    },
    ...refusals,
  },
})

export const calendarFiles = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getFile, async (c) => {
  const { ctx } = c.var
  const calendarEvent = await getEvent(ctx, c.req.valid('param').eventId)
  const file = await calendarFile(ctx, calendarEvent)
  c.header('etag', etagOf(calendarEvent))
  c.header('content-type', 'text/calendar; charset=utf-8; method=PUBLISH')
  c.header('content-disposition', `attachment; filename="${calendarEvent.eventId}.ics"`)
  return c.body(file, 200)
})
