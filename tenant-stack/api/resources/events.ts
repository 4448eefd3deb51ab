import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { EventView, pageOf } from '#shared/contracts/api.ts'
import { DomainEventsQuery, EventsQuery } from '#shared/contracts/events-api.ts'
import { getContent, getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { getOrganizer } from '#tenant-stack/core/organizer/organizer.ts'
import { ownOf, requireScope, requireScopeForOwn } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { etagOf } from '../etag.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { eventView } from '../views.ts'

const PAGE_NOTE =
  'A filter may leave a page with fewer events than `limit`, or none: it goes on while `has_more` is true.'

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
  description: PAGE_NOTE,
  security: [{ key: ['events:read'] }],
  middleware: [requireScopeForOwn('events:read')] as const,
  request: { query: DomainEventsQuery },
  responses: { 200: json(pageOf(EventView), 'One page.'), ...refusals },
})

const getOfOrganizer = createRoute({
  method: 'get',
  path: '/organizers/{email}/events',
  operationId: 'listOrganizerEvents',
  summary: 'Every event of an organizer, newest first',
  description: PAGE_NOTE,
  security: [{ key: ['events:read'] }],
  middleware: [requireScope('events:read')] as const,
  request: { params: z.object({ email: z.string() }), query: EventsQuery },
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
    const { organizer, ...query } = c.req.valid('query')
    const asked = organizer === undefined ? undefined : normalizeAddress(organizer)
    const own = ownOf(c)
    // As of somebody who has no events.
    if (own !== undefined && asked !== undefined && asked !== own) return c.json({ data: [], has_more: false }, 200)
    return c.json(await onePage(c.var.ctx, query, own ?? asked), 200)
  })
  .openapi(getOfOrganizer, async (c) => {
    const { ctx } = c.var
    const { address } = await getOrganizer(ctx, normalizeAddress(c.req.valid('param').email))
    return c.json(await onePage(ctx, c.req.valid('query'), address), 200)
  })

async function onePage(ctx: Ctx, query: EventsQuery, organizerAddress: string | undefined) {
  const { created_since: since, ...rest } = query
  const createdSince = since === undefined ? undefined : Date.parse(since)
  const page = await listEvents(ctx, { ...rest, organizerAddress, createdSince })
  const data = await Promise.all(
    page.events.map(async (calendarEvent) =>
      eventView(ctx, calendarEvent, await getContent(ctx, calendarEvent.seriesBlobKey)),
    ),
  )
  const next = page.next === undefined ? {} : { next_cursor: page.next }
  return pageOf(EventView).parse({ data, has_more: page.next !== undefined, ...next })
}
