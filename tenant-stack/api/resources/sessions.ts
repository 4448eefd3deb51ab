import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import { EndedView, SessionView } from '#shared/contracts/sessions-api.ts'
import { normalizeAddress } from '#tenant-stack/core/mailbox/mailbox.ts'
import { getOrganizer } from '#tenant-stack/core/organizer/organizer.ts'
import { endSession, endSessions, listSessions } from '#tenant-stack/core/session/end-sessions.ts'
import type { Session } from '#tenant-stack/core/session/session.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const params = z.object({ email: z.string() })

const getSessions = createRoute({
  method: 'get',
  path: '/organizers/{email}/sessions',
  operationId: 'listSessions',
  summary: 'Browsers that somebody is signed in with, the newest first',
  security: [{ key: ['sessions:read'] }],
  middleware: [requireScope('sessions:read')] as const,
  request: { params },
  responses: { 200: json(pageOf(SessionView), 'All of them.'), ...refusals },
})

const deleteSessions = createRoute({
  method: 'delete',
  path: '/organizers/{email}/sessions',
  operationId: 'endSessions',
  summary: 'Sign somebody out everywhere, at once',
  security: [{ key: ['sessions:write'] }],
  middleware: [requireScope('sessions:write')] as const,
  request: { params },
  responses: { 200: json(EndedView, 'How many were ended.'), ...refusals },
})

const deleteSession = createRoute({
  method: 'delete',
  path: '/organizers/{email}/sessions/{sessionId}',
  operationId: 'endSession',
  summary: 'Sign one browser out, at once',
  security: [{ key: ['sessions:write'] }],
  middleware: [requireScope('sessions:write')] as const,
  request: { params: params.extend({ sessionId: z.string() }) },
  responses: { 204: { description: 'It lets nobody in any more.' }, ...refusals },
})

export const sessions = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getSessions, async (c) => {
    const { ctx } = c.var
    const { address } = await getOrganizer(ctx, normalizeAddress(c.req.valid('param').email))
    const data = (await listSessions(ctx, address)).map(sessionView)
    return c.json(pageOf(SessionView).parse({ data, has_more: false }), 200)
  })
  .openapi(deleteSessions, async (c) => {
    const { ctx } = c.var
    const { address } = await getOrganizer(ctx, normalizeAddress(c.req.valid('param').email))
    return c.json({ ended: await endSessions(ctx, address) }, 200)
  })
  .openapi(deleteSession, async (c) => {
    const { ctx } = c.var
    const { email, sessionId } = c.req.valid('param')
    const { address } = await getOrganizer(ctx, normalizeAddress(email))
    await endSession(ctx, { address, sessionId })
    return c.body(null, 204)
  })

function sessionView({ sessionId, createdAt, lastUsedAt, userAgent }: Session): z.infer<typeof SessionView> {
  return { id: sessionId, created_at: isoOf(createdAt), last_used_at: isoOf(lastUsedAt), user_agent: userAgent }
}
