import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { RecountBody, RecountView } from '#shared/contracts/statistics-api.ts'
import { recountEvent } from '#tenant-stack/core/counters/recount-event.ts'
import { recountOwner } from '#tenant-stack/core/counters/recount-owner.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { getOrganizer } from '#tenant-stack/core/organizer/organizer.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const security = [{ key: ['statistics:write'] }]
const responses = { 200: json(RecountView, 'What it came to.'), ...refusals }
const headers = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })
const body = { required: true, content: { 'application/json': { schema: RecountBody } } }

const ofEvent = createRoute({
  method: 'post',
  security,
  middleware: [requireScope('statistics:write'), idempotent] as const,
  responses,
  path: '/events/{eventId}/recount',
  operationId: 'recountEvent',
  summary: 'Count an event’s invitations row by row, compare with its counters, and mend them if asked',
  request: { params: z.object({ eventId: z.string() }), headers, body },
})

const ofOrganizer = createRoute({
  method: 'post',
  security,
  middleware: [requireScope('statistics:write'), idempotent] as const,
  responses,
  path: '/organizers/{email}/recount',
  operationId: 'recountOrganizer',
  summary: 'Add up an organizer’s events, compare with his totals, and mend them if asked',
  request: { params: z.object({ email: z.string() }), headers, body },
})

const ofDomain = createRoute({
  method: 'post',
  security,
  middleware: [requireScope('statistics:write'), idempotent] as const,
  responses,
  path: '/recount',
  operationId: 'recountDomain',
  summary: 'Add up every event, compare with the totals of the domain, and mend them if asked',
  request: { headers, body },
})

export const recounts = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(ofEvent, async (c) => {
    const { repair: isRepair } = c.req.valid('json')
    const { eventId } = c.req.valid('param')
    return c.json(RecountView.parse(await recountEvent(c.var.ctx, { eventId, isRepair })), 200)
  })
  .openapi(ofOrganizer, async (c) => {
    const { repair: isRepair } = c.req.valid('json')
    const { address } = await getOrganizer(c.var.ctx, normalizeAddress(c.req.valid('param').email))
    const owner = { organizerAddress: address }
    return c.json(RecountView.parse(await recountOwner(c.var.ctx, { owner, isRepair })), 200)
  })
  .openapi(ofDomain, async (c) => {
    const { repair: isRepair } = c.req.valid('json')
    return c.json(RecountView.parse(await recountOwner(c.var.ctx, { owner: 'domain', isRepair })), 200)
  })
