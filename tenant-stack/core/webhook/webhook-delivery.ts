import * as z from 'zod'
import type { AttributeValue, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { markUnfinished, type UnfinishedMark } from '../unfinished.ts'

const Attempt = z.object({
  at: z.number(),
  status: z.number().exactOptional(),
  failure: z.string().exactOptional(),
  milliseconds: z.number(),
})
export type Attempt = z.infer<typeof Attempt>

/** One message for one endpoint. Its id is `webhook-id`: who gets it twice knows it by that. */
export const WebhookDelivery = z.object({
  webhookId: z.string(),
  deliveryId: z.string(),
  type: z.string(),
  /** What is sent and signed, as it was when it happened. */
  body: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  createdAt: z.number(),
  attemptCount: z.number(),
  /** Attempts since it was last asked to be sent: what the waits between them go by. */
  round: z.number(),
  /** Not before this, epoch milliseconds; while somebody attempts it: until when it is his. */
  nextAt: z.number(),
  attempts: z.array(Attempt),
  response: z.string().exactOptional(),
  /** Rises with each change: what twins collide on. */
  version: z.number(),
  expiresAt: z.number(),
})
export type WebhookDelivery = z.infer<typeof WebhookDelivery>

/** The log of an endpoint goes back so far. */
const DELIVERY_ROW_SECONDS = 30 * 24 * 3600

const PREFIX = 'dlv#'

/** A message that was just published is not published again by the sweep so soon. */
const SWEPT_AFTER_MS = 60_000

export function deliveryKey({ webhookId, deliveryId }: Pick<WebhookDelivery, 'webhookId' | 'deliveryId'>): TableKey {
  return { pk: `webhook#${webhookId}`, sk: `${PREFIX}${deliveryId}` }
}

/** Marks a delivery as to be attempted from then on. */
export function dueMark(
  ctx: Ctx,
  named: Pick<WebhookDelivery, 'webhookId' | 'deliveryId'>,
  dueAt: number,
): UnfinishedMark {
  const { webhookId, deliveryId } = named
  const body = JSON.stringify({ webhookId, deliveryId })
  return markUnfinished(ctx, { rowName: deliveryId, dueAt, topicName: 'webhook-due', body })
}

type NewDelivery = {
  readonly webhookId: string
  readonly type: string
  readonly data: { readonly [name: string]: AttributeValue | undefined }
}

/** The put that promises one message; `{type, timestamp, data}` as Standard Webhooks recommends. */
export function newDeliveryOperation(
  ctx: Ctx,
  { webhookId, type, data }: NewDelivery,
): { readonly operation: WriteOperation; readonly delivery: WebhookDelivery } {
  const now = ctx.clock.now()
  const delivery: WebhookDelivery = {
    webhookId,
    deliveryId: ctx.ids.newId('msg'),
    type,
    body: JSON.stringify({ type, timestamp: new Date(now).toISOString(), data }),
    state: 'pending',
    createdAt: now,
    attemptCount: 0,
    round: 0,
    nextAt: now,
    attempts: [],
    version: 1,
    expiresAt: Math.floor(now / 1000) + DELIVERY_ROW_SECONDS,
  }
  const item = { ...deliveryKey(delivery), ...delivery, attempts: [], ...dueMark(ctx, delivery, now + SWEPT_AFTER_MS) }
  return { operation: { kind: 'put', item, when: { row: 'absent' } }, delivery }
}

/** Undefined: it is not there, or no longer. */
export async function findWebhookDelivery(
  ctx: Ctx,
  named: Pick<WebhookDelivery, 'webhookId' | 'deliveryId'>,
): Promise<WebhookDelivery | undefined> {
  const row = await ctx.table.get(deliveryKey(named))
  return row === undefined ? undefined : WebhookDelivery.parse(row)
}

/** The log of an endpoint, newest first. */
export async function listWebhookDeliveries(
  ctx: Ctx,
  query: { readonly webhookId: string; readonly limit: number; readonly after?: string },
): Promise<{ readonly deliveries: readonly WebhookDelivery[]; readonly next?: string }> {
  const page = await ctx.table.query({
    pk: `webhook#${query.webhookId}`,
    sk: { beginsWith: PREFIX },
    descending: true,
    limit: query.limit,
    ...(query.after === undefined ? {} : { cursor: query.after }),
  })
  const deliveries = page.items.map((item) => WebhookDelivery.parse(item))
  return { deliveries, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}
