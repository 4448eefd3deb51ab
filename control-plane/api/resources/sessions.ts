import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { SessionFailure } from '#control-plane/core/person/session.ts'
import { endSession, listSessions } from '#control-plane/core/person/session-store.ts'
import { pageOf } from '#shared/contracts/api.ts'
import { SessionView } from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { reads } from '../operation.ts'
import { json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { sessionView } from '../views.ts'

const getSessions = createRoute({
  method: 'get',
  path: '/sessions',
  summary: 'One’s own sessions, newest first',
  ...reads('listSessions', 'read'),
  responses: { 200: json(pageOf(SessionView), 'All of them.'), ...refusals },
})

const deleteSession = createRoute({
  method: 'delete',
  path: '/sessions/{sessionId}',
  summary: 'End one of one’s own sessions, at once',
  ...reads('endSession', 'self'),
  request: { params: z.object({ sessionId: z.string() }) },
  responses: { 204: { description: 'Ended.' }, ...refusals },
})

export const sessions = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getSessions, async (c) => {
    const { ctx, principal } = c.var
    const all = principal.personId === undefined ? [] : await listSessions(ctx, principal.personId)
    const data = all.map((session) => sessionView(session, principal.session))
    return c.json(pageOf(SessionView).parse(pageView(data, undefined)), 200)
  })
  .openapi(deleteSession, async (c) => {
    const { ctx, principal } = c.var
    if (principal.personId === undefined) throw SessionFailure.not_found('There is no such session.')
    await endSession(ctx, { personId: principal.personId, sessionId: c.req.valid('param').sessionId })
    return c.body(null, 204)
  })
