import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { AttendeeView, PageQuery, pageOf } from '#shared/contracts/api.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { attendeeView } from '../views.ts'

const getAttendees = createRoute({
  method: 'get',
  path: '/events/{eventId}/attendees',
  operationId: 'listAttendees',
  summary: 'Who was invited and what they answered',
  security: [{ key: ['attendees:read'] }],
  middleware: [requireScope('attendees:read')] as const,
  request: { params: z.object({ eventId: z.string() }), query: PageQuery },
  responses: { 200: json(pageOf(AttendeeView), 'One page, in the order of invitation ids.'), ...refusals },
})

export const attendees = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getAttendees, async (c) => {
  const { ctx, principal } = c.var
  const { limit, after } = c.req.valid('query')
  const calendarEvent = await getEvent(ctx, c.req.valid('param').eventId)
  const page = await listInvitations(ctx, {
    eventId: calendarEvent.eventId,
    limit,
    ...(after === undefined ? {} : { cursor: after }),
  })
  const isUnmasked = principal.scopes.includes('attendees:unmasked')
  const data = page.invitations.map((invitation) => attendeeView(calendarEvent, invitation, isUnmasked))
  const next = page.cursor === undefined ? {} : { next_cursor: page.cursor }
  return c.json(pageOf(AttendeeView).parse({ data, has_more: page.cursor !== undefined, ...next }), 200)
})
