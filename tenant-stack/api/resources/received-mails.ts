import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf, ReceivedMailView } from '#shared/contracts/api.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { receivedMailView } from '../views.ts'

const getMails = createRoute({
  method: 'get',
  path: '/received-mails',
  operationId: 'listReceivedMails',
  summary: 'What became of every mail received on one UTC day, newest first',
  security: [{ key: ['mails:read'] }],
  middleware: [requireScope('mails:read')] as const,
  request: {
    query: PageQuery.extend({
      day: z.iso.date().optional().meta({ description: 'UTC day, YYYY-MM-DD; absent: today.' }),
    }),
  },
  responses: { 200: json(pageOf(ReceivedMailView), 'One page.'), ...refusals },
})

export const receivedMails = new OpenAPIHono<ApiEnv>({ defaultHook: validated }).openapi(getMails, async (c) => {
  const { ctx, principal } = c.var
  const { limit, after, day } = c.req.valid('query')
  const page = await listDeliveries(ctx, {
    day: day ?? new Date(ctx.clock.now()).toISOString().slice(0, 10),
    limit,
    ...(after === undefined ? {} : { cursor: after }),
  })
  const next = page.cursor === undefined ? {} : { next_cursor: page.cursor }
  const isUnmasked = principal.scopes.includes('attendees:unmasked')
  const data = page.deliveries.map((delivery) => receivedMailView(delivery, isUnmasked))
  return c.json(pageOf(ReceivedMailView).parse({ data, has_more: page.cursor !== undefined, ...next }), 200)
})
