import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { SuppressionBody, SuppressionView } from '#shared/contracts/suppressions-api.ts'
import { parseAttendeeAddress } from '#tenant-stack/core/invitation/attendee-address.ts'
import { maskAddress } from '#tenant-stack/core/mailbox/mask-address.ts'
import { liftSuppression } from '#tenant-stack/core/suppression/lift.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import type { Suppression } from '#tenant-stack/core/suppression/suppression.ts'
import { listSuppressions } from '#tenant-stack/core/suppression/suppressions-of.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'

const getSuppressions = createRoute({
  method: 'get',
  path: '/suppressions',
  operationId: 'listSuppressions',
  summary: 'Addresses that are sent nothing any more, newest first',
  security: [{ key: ['suppressions:read'] }],
  middleware: [requireScope('suppressions:read')] as const,
  request: { query: PageQuery },
  responses: { 200: json(pageOf(SuppressionView), 'One page.'), ...refusals },
})

const postSuppression = createRoute({
  method: 'post',
  path: '/suppressions',
  operationId: 'createSuppression',
  summary: 'Send nothing more to an address; what is on its way already may still arrive',
  security: [{ key: ['suppressions:write'] }],
  middleware: [requireScope('suppressions:write'), idempotent] as const,
  request: {
    headers: z.object({ 'idempotency-key': z.string().min(1).max(255).optional() }),
    body: { required: true, content: { 'application/json': { schema: SuppressionBody } } },
  },
  responses: { 201: json(SuppressionView, 'As it stands: what was said first of the address and scope.'), ...refusals },
})

const deleteSuppression = createRoute({
  method: 'delete',
  path: '/suppressions/{suppressionId}',
  operationId: 'deleteSuppression',
  summary: 'Let an address be sent to again; make sure that its owner wants that',
  security: [{ key: ['suppressions:write'] }],
  middleware: [requireScope('suppressions:write')] as const,
  request: { params: z.object({ suppressionId: z.string() }) },
  responses: { 204: { description: 'It is gone.' }, ...refusals },
})

export const suppressions = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getSuppressions, async (c) => {
    const { ctx, principal } = c.var
    const { limit, after } = c.req.valid('query')
    const page = await listSuppressions(ctx, { limit, ...(after === undefined ? {} : { after }) })
    const isUnmasked = principal.scopes.includes('attendees:unmasked')
    const data = page.suppressions.map((one) => suppressionView(one, isUnmasked))
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    return c.json(pageOf(SuppressionView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })
  .openapi(postSuppression, async (c) => {
    const { email, organizer, detail } = c.req.valid('json')
    const made = await suppress(c.var.ctx, {
      address: parseAttendeeAddress(email),
      ...(organizer === undefined ? {} : { organizerAddress: parseAttendeeAddress(organizer) }),
      reason: 'manual',
      source: 'api',
      ...(detail === undefined ? {} : { detail }),
    })
    // Whoever has named the address may read it back.
    return c.json(SuppressionView.parse(suppressionView(made, true)), 201)
  })
  .openapi(deleteSuppression, async (c) => {
    await liftSuppression(c.var.ctx, c.req.valid('param'))
    return c.body(null, 204)
  })

function suppressionView(suppression: Suppression, isUnmasked: boolean): z.infer<typeof SuppressionView> {
  const { suppressionId, address, organizerAddress, reason, isAlsoUnsubscribed, source, detail, createdAt } =
    suppression
  return {
    id: suppressionId,
    email: isUnmasked ? address : maskAddress(address),
    scope: organizerAddress === undefined ? 'domain' : 'organizer',
    ...(organizerAddress === undefined ? {} : { organizer: organizerAddress }),
    reason,
    is_also_unsubscribed: isAlsoUnsubscribed === true,
    source,
    ...(detail === undefined ? {} : { detail }),
    created_at: new Date(createdAt).toISOString(),
  }
}
