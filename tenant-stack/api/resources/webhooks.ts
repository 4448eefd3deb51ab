import { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import * as z from 'zod'
import { PageQuery, pageOf } from '#shared/contracts/api.ts'
import {
  RotateWebhookBody,
  WebhookBody,
  WebhookChangeBody,
  WebhookDeliveryView,
  WebhookView,
  WebhookWithSecretView,
} from '#shared/contracts/webhooks-api.ts'
import { resendDelivery, sendTest } from '#tenant-stack/core/webhook/ask-delivery.ts'
import {
  addWebhook,
  changeWebhook,
  getWebhook,
  readWebhooks,
  removeWebhook,
  rotateWebhook,
} from '#tenant-stack/core/webhook/change-webhooks.ts'
import { listWebhookDeliveries } from '#tenant-stack/core/webhook/webhook-delivery.ts'
import { requireScope } from '../authenticate.ts'
import type { ApiEnv } from '../env.ts'
import { idempotent } from '../idempotent.ts'
import { conflict, json, refusals } from '../responses.ts'
import { validated } from '../validated.ts'
import { webhookDeliveryView, webhookView } from '../webhook-views.ts'

const params = z.object({ webhookId: z.string() })
const deliveryParams = z.object({ webhookId: z.string(), deliveryId: z.string() })
const headers = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() })
const readable = { security: [{ key: ['webhooks:read'] }], middleware: [requireScope('webhooks:read')] }
const changing = { security: [{ key: ['webhooks:write'] }], middleware: [requireScope('webhooks:write')] }
const asking = { ...changing, middleware: [requireScope('webhooks:write'), idempotent] }
const bodyOf = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })

const getWebhooks = createRoute({
  method: 'get',
  path: '/webhooks',
  operationId: 'listWebhooks',
  summary: 'Servers that are told of what happens',
  ...readable,
  responses: { 200: json(pageOf(WebhookView), 'All of them: there are ten at most.'), ...refusals },
})

const postWebhook = createRoute({
  method: 'post',
  path: '/webhooks',
  operationId: 'createWebhook',
  summary: 'Have a server told (Standard Webhooks); its secret is shown once',
  ...asking,
  request: { headers, body: bodyOf(WebhookBody) },
  responses: { 201: json(WebhookWithSecretView, 'The webhook, with its secret.'), ...refusals, ...conflict },
})

const getOneWebhook = createRoute({
  method: 'get',
  path: '/webhooks/{webhookId}',
  operationId: 'getWebhook',
  summary: 'One webhook, and whether it takes what it is sent',
  ...readable,
  request: { params },
  responses: { 200: json(WebhookView, 'As it is now.'), ...refusals },
})

const patchWebhook = createRoute({
  method: 'patch',
  path: '/webhooks/{webhookId}',
  operationId: 'changeWebhook',
  summary: 'Change, disable or enable a webhook',
  ...changing,
  request: { params, body: bodyOf(WebhookChangeBody) },
  responses: { 200: json(WebhookView, 'As it is now.'), ...refusals, ...conflict },
})

const deleteWebhook = createRoute({
  method: 'delete',
  path: '/webhooks/{webhookId}',
  operationId: 'deleteWebhook',
  summary: 'Tell a server nothing more; again it changes nothing',
  ...changing,
  request: { params },
  responses: { 204: { description: 'It is gone.' }, ...refusals },
})

const postRotate = createRoute({
  method: 'post',
  path: '/webhooks/{webhookId}/rotate',
  operationId: 'rotateWebhook',
  summary: 'Give a webhook a new secret; the one before signs as well for the overlap',
  ...asking,
  request: { params, headers, body: bodyOf(RotateWebhookBody) },
  responses: { 200: json(WebhookWithSecretView, 'The webhook, with its new secret.'), ...refusals, ...conflict },
})

const postTest = createRoute({
  method: 'post',
  path: '/webhooks/{webhookId}/test',
  operationId: 'testWebhook',
  summary: 'Send a message of type webhook.test',
  ...asking,
  request: { params, headers },
  responses: { 202: json(WebhookDeliveryView, 'It is on its way.'), ...refusals, ...conflict },
})

const getDeliveries = createRoute({
  method: 'get',
  path: '/webhooks/{webhookId}/deliveries',
  operationId: 'listWebhookDeliveries',
  summary: 'What was sent to a webhook in the last 30 days, newest first',
  ...readable,
  request: { params, query: PageQuery },
  responses: { 200: json(pageOf(WebhookDeliveryView), 'One page.'), ...refusals },
})

const postResend = createRoute({
  method: 'post',
  path: '/webhooks/{webhookId}/deliveries/{deliveryId}/resend',
  operationId: 'resendWebhookDelivery',
  summary: 'Send one message again, under the same webhook-id',
  ...asking,
  request: { params: deliveryParams, headers },
  responses: { 202: json(WebhookDeliveryView, 'It is on its way.'), ...refusals, ...conflict },
})

export const webhooks = new OpenAPIHono<ApiEnv>({ defaultHook: validated })
  .openapi(getWebhooks, async (c) => {
    const all = await readWebhooks(c.var.ctx)
    const data = await Promise.all(all.map((one) => webhookView(c.var.ctx, one)))
    return c.json(pageOf(WebhookView).parse({ data, has_more: false }), 200)
  })
  .openapi(getOneWebhook, async (c) => {
    const webhook = await getWebhook(c.var.ctx, c.req.valid('param').webhookId)
    return c.json(await webhookView(c.var.ctx, webhook), 200)
  })
  .openapi(patchWebhook, async (c) => {
    const { ctx, principal } = c.var
    const { is_enabled: isEnabled, ...wanted } = c.req.valid('json')
    const webhook = await changeWebhook(ctx, principal, { ...c.req.valid('param'), ...defined(wanted), isEnabled })
    return c.json(await webhookView(ctx, webhook), 200)
  })
  .openapi(deleteWebhook, async (c) => {
    await removeWebhook(c.var.ctx, c.req.valid('param').webhookId)
    return c.body(null, 204)
  })
  .openapi(getDeliveries, async (c) => {
    const { ctx } = c.var
    const { webhookId } = await getWebhook(ctx, c.req.valid('param').webhookId)
    const { limit, after } = c.req.valid('query')
    const page = await listWebhookDeliveries(ctx, { webhookId, limit, ...(after === undefined ? {} : { after }) })
    const data = page.deliveries.map(webhookDeliveryView)
    const next = page.next === undefined ? {} : { next_cursor: page.next }
    return c.json(pageOf(WebhookDeliveryView).parse({ data, has_more: page.next !== undefined, ...next }), 200)
  })

webhooks.openapi(postWebhook, async (c) => {
  const { ctx, principal } = c.var
  const { webhook, secret } = await addWebhook(ctx, principal, c.req.valid('json'))
  return c.json(WebhookWithSecretView.parse({ ...(await webhookView(ctx, webhook)), secret }), 201)
})

webhooks.openapi(postRotate, async (c) => {
  const { ctx } = c.var
  const { overlap_seconds: overlapSeconds } = c.req.valid('json')
  const { webhook, secret } = await rotateWebhook(ctx, { ...c.req.valid('param'), overlapSeconds })
  return c.json(WebhookWithSecretView.parse({ ...(await webhookView(ctx, webhook)), secret }), 200)
})

webhooks.openapi(postTest, async (c) =>
  c.json(webhookDeliveryView(await sendTest(c.var.ctx, c.req.valid('param').webhookId)), 202),
)

webhooks.openapi(postResend, async (c) =>
  c.json(webhookDeliveryView(await resendDelivery(c.var.ctx, c.req.valid('param'))), 202),
)

type Wanted = Omit<z.infer<typeof WebhookChangeBody>, 'is_enabled'>

/** What was named; the rest stays as it is. */
function defined({ url, types, description }: Wanted) {
  return {
    ...(url === undefined ? {} : { url }),
    ...(types === undefined ? {} : { types }),
    ...(description === undefined ? {} : { description }),
  }
}
