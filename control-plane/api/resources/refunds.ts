import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { listRefunds } from '#control-plane/billing/list-refunds.ts'
import type { Refund } from '#control-plane/billing/refund.ts'
import { retryRefund } from '#control-plane/billing/retry-refund.ts'
import { settleRefund } from '#control-plane/billing/settle-refund.ts'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import { ReasonBody, RefundView } from '#shared/contracts/control-operations.ts'
import type { ApiEnv } from '../env.ts'
import { posts, reads } from '../operation.ts'
import { body, idempotencyHeader, json, pageView, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { isoOf } from '../views.ts'

const params = z.object({ refundId: z.string() })
const responses = { 200: json(RefundView, 'As it is now.'), ...refusals }

const getRefunds = createRoute({
  method: 'get',
  path: '/refunds',
  summary: 'Refunds that are under way or came to nothing, oldest first; the vendor’s',
  ...reads('listRefunds', 'vendor:read'),
  request: { query: PageQuery },
  responses: { 200: json(pageOf(RefundView), 'One page.'), ...refusals },
})

const postRetry = createRoute({
  method: 'post',
  path: '/refunds/{refundId}/retry',
  summary: 'Ask Stripe anew for a refund that came to nothing; the vendor’s act',
  ...posts('retryRefund', 'vendor:act'),
  request: { headers: idempotencyHeader, params },
  responses,
})

const postSettle = createRoute({
  method: 'post',
  path: '/refunds/{refundId}/settle',
  summary: 'Say that a refund that came to nothing was settled otherwise; the vendor’s act',
  ...posts('settleRefund', 'vendor:act'),
  request: { headers: idempotencyHeader, params, body: body(ReasonBody) },
  responses,
})

export const refunds = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getRefunds, async (c) => {
    const { limit, after } = c.req.valid('query')
    const page = await listRefunds(c.var.ctx, { limit, ...(after === undefined ? {} : { after }) })
    return c.json(pageOf(RefundView).parse(pageView(page.refunds.map(refundView), page.next)), 200)
  })
  .openapi(postRetry, async (c) =>
    c.json(RefundView.parse(refundView(await retryRefund(c.var.ctx, c.req.valid('param')))), 200),
  )
  .openapi(postSettle, async (c) => {
    const input = { ...c.req.valid('param'), ...c.req.valid('json') }
    return c.json(RefundView.parse(refundView(await settleRefund(c.var.ctx, input))), 200)
  })

function refundView(refund: Refund): z.infer<typeof RefundView> {
  return {
    id: refund.refundId,
    licence_id: refund.licenceId,
    licensee_id: refund.licenseeId,
    payment_intent: refund.paymentIntentId,
    amount: refund.amountCents,
    currency: refund.currency,
    reason: refund.reason,
    state: refund.state,
    ...(refund.failure === undefined ? {} : { failure: refund.failure }),
    created_at: isoOf(refund.createdAt),
  }
}
