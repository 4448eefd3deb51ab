import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { InvitationBody, InvitationView } from '#shared/contracts/api.ts'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { invitationView } from '../views.ts'

const postInvitation = createRoute({
  method: 'post',
  path: '/events/{eventId}/invitations',
  operationId: 'createInvitation',
  summary: 'Invite one person; asked again for the same person it sends nothing',
  security: [{ key: ['invitations:write'] }],
  middleware: [requireScope('invitations:write'), idempotent] as const,
  request: {
    params: z.object({ eventId: z.string() }),
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: InvitationBody } } },
  },
  responses: {
    202: json(InvitationView, 'The invitation; its mail is on its way, or was sent before.'),
    ...refusals,
    ...conflict,
  },
})

export const invitations = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(postInvitation, async (c) => {
  const { ctx } = c.var
  const { eventId } = c.req.valid('param')
  const { email, name } = c.req.valid('json')
  const { invitation } = await inviteAttendee(ctx, { eventId, address: email, name, channel: 'api' })
  const calendarEvent = await getEvent(ctx, eventId)
  return c.json(InvitationView.parse(invitationView(calendarEvent, invitation)), 202)
})
