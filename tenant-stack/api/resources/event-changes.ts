import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import * as z from 'zod'
import { EventView } from '#shared/contracts/api.ts'
import { EventBody, EventChangeBody } from '#shared/contracts/events-api.ts'
import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { getContent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { cancelByApi, changeByApi, createByApi } from '#tenant-stack/core/event-change/change-by-api.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { ownOf, requireScope, requireScopeForOwn } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { etagOf, IF_MATCH, sequenceOf } from '../etag.ts'
import { idempotent } from '../idempotent.ts'
import { ApiFailure } from '../problem.ts'
import { requestNameOf } from '../request-name.ts'
import { changedMeanwhile, conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { eventView } from '../views.ts'

const writable = { security: [{ key: ['events:write'] }], middleware: [requireScope('events:write'), idempotent] }
const params = z.object({ eventId: z.string() })
const idempotencyKey = z.string().min(1).max(255).optional()
const headers = z.object({
  'idempotency-key': idempotencyKey,
  'if-match': z
    .string()
    .regex(IF_MATCH, 'must be one ETag as the event was answered with, or *')
    .optional()
    .meta({ description: 'The ETag that the event was read with: nothing is done when it is another by now.' }),
})

const postEvent = createRoute({
  method: 'post',
  path: '/events',
  operationId: 'createEvent',
  summary: 'Create an event without a calendar client; nobody is invited yet',
  ...writable,
  middleware: [requireScopeForOwn('events:write'), idempotent],
  request: {
    headers: z.object({ 'idempotency-key': idempotencyKey }),
    body: { required: true, content: { 'application/json': { schema: EventBody } } },
  },
  responses: { 201: json(EventView, 'The event.'), ...refusals, ...conflict },
})

const patchEvent = createRoute({
  method: 'patch',
  path: '/events/{eventId}',
  operationId: 'updateEvent',
  summary: 'Change an event and tell those who hear of changes; what changes nothing tells nobody',
  ...writable,
  request: { params, headers, body: { required: true, content: { 'application/json': { schema: EventChangeBody } } } },
  responses: { 200: json(EventView, 'The event as it is now.'), ...refusals, ...conflict, ...changedMeanwhile },
})

const deleteEvent = createRoute({
  method: 'delete',
  path: '/events/{eventId}',
  operationId: 'cancelEvent',
  summary: 'Cancel an event, or one date of a series, and tell those who hear of changes',
  ...writable,
  request: {
    params,
    headers,
    query: z.object({
      recurrence_id: z
        .string()
        .max(40)
        .optional()
        .meta({ description: 'One date of a series: its original start, a date or a UTC instant.' }),
    }),
  },
  responses: { 200: json(EventView, 'The event as it is now.'), ...refusals, ...conflict, ...changedMeanwhile },
})

export const eventChanges = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postEvent, async (c) => {
    const requestName = await requestNameOf(c)
    const body = c.req.valid('json')
    const own = ownOf(c)
    if (own !== undefined && normalizeAddress(body.organizer) !== own)
      throw ApiFailure.forbidden('Create events in your own name.')
    const calendarEvent = await createByApi(c.var.ctx, { requestName, body })
    c.header('location', `${c.var.ctx.settings.apiUrl}/events/${calendarEvent.eventId}`)
    return c.json(await shown(c, calendarEvent), 201)
  })
  .openapi(patchEvent, async (c) => {
    const changed = await changeByApi(c.var.ctx, {
      requestName: await requestNameOf(c),
      ...c.req.valid('param'),
      ifSequence: sequenceOf(c.req.valid('header')['if-match']),
      body: c.req.valid('json'),
    })
    return c.json(await shown(c, changed), 200)
  })
  .openapi(deleteEvent, async (c) => {
    const cancelled = await cancelByApi(c.var.ctx, {
      requestName: await requestNameOf(c),
      ...c.req.valid('param'),
      ifSequence: sequenceOf(c.req.valid('header')['if-match']),
      recurrenceId: c.req.valid('query').recurrence_id,
    })
    return c.json(await shown(c, cancelled), 200)
  })

async function shown(c: Context<ApiEnv>, calendarEvent: CalendarEvent): Promise<z.infer<typeof EventView>> {
  const { ctx } = c.var
  c.header('etag', etagOf(calendarEvent))
  return EventView.parse(eventView(ctx, calendarEvent, await getContent(ctx, calendarEvent.seriesBlobKey)))
}
