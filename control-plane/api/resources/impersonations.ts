import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import { endImpersonation, startImpersonation } from '#control-plane/core/person/act-for.ts'
import { SessionFailure } from '#control-plane/core/person/session.ts'
import { ImpersonationBody, ImpersonationView } from '#shared/contracts/control-api.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { body, idempotencyHeader, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { impersonationView } from '../views.ts'

const postImpersonation = createRoute({
  method: 'post',
  path: '/impersonations',
  summary: 'Look through a licensee’s eyes for an hour, changing nothing; it reads so in its audit log',
  ...posts('startImpersonation', 'vendor:read'),
  request: { headers: idempotencyHeader, body: body(ImpersonationBody) },
  responses: { 201: json(ImpersonationView, 'From now on this session sees what they see.'), ...refusals },
})

const deleteImpersonation = createRoute({
  method: 'delete',
  path: '/impersonations/current',
  summary: 'Look away again',
  ...reads('endImpersonation', 'self'),
  responses: { 204: { description: 'Back to one’s own eyes.' }, ...refusals },
})

export const impersonations = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(postImpersonation, async (c) => {
    const { ctx, principal } = c.var
    if (principal.session === undefined) throw SessionFailure.not_found('A key has no eyes: sign in.')
    const { licensee_id: licenseeId, reason, ticket } = c.req.valid('json')
    const impersonation = await startImpersonation(ctx, { session: principal.session, licenseeId, reason, ticket })
    return c.json(ImpersonationView.parse(impersonationView(impersonation)), 201)
  })
  .openapi(deleteImpersonation, async (c) => {
    const { ctx, principal } = c.var
    if (principal.session !== undefined) await endImpersonation(ctx, principal.session)
    return c.body(null, 204)
  })
