import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import {
  OrganizerBody,
  OrganizerChangeBody,
  type OrganizerLimits,
  OrganizersQuery,
  OrganizerView,
} from '#shared/contracts/organizers-api.ts'
import { rulesAdmins } from '#tenant-stack/core/access/principal.ts'
import { parseAttendeeAddress } from '#tenant-stack/core/invitation/attendee-address.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { changeOrganizer } from '#tenant-stack/core/organizer/change-organizer.ts'
import { listOrganizers } from '#tenant-stack/core/organizer/list-organizers.ts'
import { getOrganizer, type Organizer } from '#tenant-stack/core/organizer/organizer.ts'
import type { OwnLimits } from '#tenant-stack/core/organizer/own-limits.ts'
import { registerOrganizer } from '#tenant-stack/core/organizer/register-organizer.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const readable = { security: [{ key: ['organizers:read'] }], middleware: [requireScope('organizers:read')] }
const writable = {
  security: [{ key: ['organizers:write'] }],
  middleware: [requireScope('organizers:write'), idempotent],
}
const params = z.object({ email: z.string() })
const headers = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })

const getOrganizers = createRoute({
  method: 'get',
  path: '/organizers',
  operationId: 'listOrganizers',
  summary: 'Organizers of the domain, by address',
  ...readable,
  request: { query: OrganizersQuery },
  responses: {
    200: json(pageOf(OrganizerView), 'One page; with `state` it may be short, or empty, and yet have more after it.'),
    ...refusals,
  },
})

const postOrganizer = createRoute({
  method: 'post',
  path: '/organizers',
  operationId: 'registerOrganizer',
  summary: 'Register an organizer, or one who came by mail; registered ones may organize under every rule',
  ...writable,
  request: { headers, body: { required: true, content: { 'application/json': { schema: OrganizerBody } } } },
  responses: { 201: json(OrganizerView, 'The organizer.'), ...refusals, ...conflict },
})

const getOne = createRoute({
  method: 'get',
  path: '/organizers/{email}',
  operationId: 'getOrganizer',
  summary: 'One organizer',
  ...readable,
  request: { params },
  responses: { 200: json(OrganizerView, 'The organizer.'), ...refusals },
})

const patchOrganizer = createRoute({
  method: 'patch',
  path: '/organizers/{email}',
  operationId: 'changeOrganizer',
  summary: 'Rename, suspend or resume an organizer, or give him limits of his own',
  ...writable,
  request: {
    params,
    headers,
    body: { required: true, content: { 'application/json': { schema: OrganizerChangeBody } } },
  },
  responses: { 200: json(OrganizerView, 'The organizer as he is now.'), ...refusals },
})

export const organizers = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getOrganizers, async (c) => {
    const page = await listOrganizers(c.var.ctx, c.req.valid('query'))
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    const data = page.organizers.map(organizerView)
    return c.json(pageOf(OrganizerView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })
  .openapi(postOrganizer, async (c) => {
    const { email, name, limits } = c.req.valid('json')
    const address = parseAttendeeAddress(email)
    const organizer = await registerOrganizer(c.var.ctx, { address, name, limits: ownLimits(limits) })
    return c.json(OrganizerView.parse(organizerView(organizer)), 201)
  })
  .openapi(getOne, async (c) => {
    const organizer = await getOrganizer(c.var.ctx, normalizeAddress(c.req.valid('param').email))
    return c.json(OrganizerView.parse(organizerView(organizer)), 200)
  })
  .openapi(patchOrganizer, async (c) => {
    const { name, state, reason, role, limits } = c.req.valid('json')
    const mayRule = rulesAdmins(c.var.principal)
    const address = normalizeAddress(c.req.valid('param').email)
    const changed = await changeOrganizer(c.var.ctx, {
      address,
      name,
      state,
      reason,
      role,
      rulesAdmins: mayRule,
      limits: ownLimits(limits),
    })
    return c.json(OrganizerView.parse(organizerView(changed)), 200)
  })

function ownLimits(limits: OrganizerLimits): OwnLimits {
  return {
    invitesPerEvent: limits?.invites_per_event,
    eventsPerOrganizer: limits?.events_per_organizer,
    sendsPerDay: limits?.sends_per_day,
  }
}

function organizerView(organizer: Organizer): z.infer<typeof OrganizerView> {
  const { address, name, state, role, suspendedReason, suspendedAt, registeredAt, zone } = organizer
  const iso = (at: number) => new Date(at).toISOString()
  return {
    email: address,
    ...(name === undefined ? {} : { name }),
    state: state ?? 'active',
    role: role ?? 'organizer',
    ...(suspendedReason === undefined ? {} : { suspended_reason: suspendedReason }),
    ...(suspendedAt === undefined ? {} : { suspended_at: iso(suspendedAt) }),
    ...(registeredAt === undefined ? {} : { registered_at: iso(registeredAt) }),
    ...(zone === undefined ? {} : { time_zone: zone }),
    limits: {
      invites_per_event: organizer.invitesPerEvent ?? null,
      events_per_organizer: organizer.eventsPerOrganizer ?? null,
      sends_per_day: organizer.sendsPerDay ?? null,
    },
  }
}
