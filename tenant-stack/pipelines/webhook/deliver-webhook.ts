import type { WebhookDue } from '#shared/contracts/notices.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WebhookAnswer } from '#shared/platform/webhook-door.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { finishedRemoves } from '#tenant-stack/core/unfinished.ts'
import { liveSecrets, readWebhooks } from '#tenant-stack/core/webhook/change-webhooks.ts'
import {
  type Attempt,
  deliveryKey,
  dueMark,
  findWebhookDelivery,
  type WebhookDelivery,
} from '#tenant-stack/core/webhook/webhook-delivery.ts'
import { noteFailure, noteSuccess } from '#tenant-stack/core/webhook/webhook-health.ts'
import { ATTEMPTS_MAX, restAfter } from './rest-after.ts'

export type WebhookOutcome = 'delivered' | 'later' | 'failed' | 'finished' | 'overtaken' | 'not_yet'

/** Longer than an attempt takes; who died in one is not waited for longer. */
const ATTEMPT_MS = 30_000

/** Attempts kept for the log: as many as there are. */
const ATTEMPTS_KEPT = 20

/**
 * Attempts one delivery: at least once, each time under the same `webhook-id`. It is claimed before it is sent, so that twins send once; who
 * dies after that leaves it to the sweep, and it may come twice. What waits for its next attempt is left alone until then.
 */
export async function deliverWebhook(ctx: Ctx, due: WebhookDue): Promise<WebhookOutcome> {
  const delivery = await findWebhookDelivery(ctx, due)
  if (delivery === undefined || delivery.state !== 'pending') return 'finished'
  if (delivery.nextAt > ctx.clock.now()) return 'not_yet'
  const webhook = (await readWebhooks(ctx)).find(({ webhookId }) => webhookId === due.webhookId)
  if (webhook === undefined || !webhook.isEnabled)
    return end(ctx, delivery, webhook === undefined ? 'webhook_removed' : 'webhook_disabled')
  const claimed = await claim(ctx, delivery)
  if (claimed === undefined) return 'overtaken'
  const startedAt = ctx.clock.now()
  const answer = await ctx.webhookDoor.call({
    url: webhook.url,
    webhookId: delivery.deliveryId,
    sentAt: Math.floor(startedAt / 1000),
    secrets: await liveSecrets(ctx, due.webhookId),
    body: delivery.body,
  })
  const attempt: Attempt = { at: startedAt, ...saidBy(answer), milliseconds: Math.max(0, ctx.clock.now() - startedAt) }
  const isDelivered = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300
  const outcome = await record(ctx, claimed, { attempt, isDelivered, response: textOf(answer) })
  if (isDelivered) await noteSuccess(ctx, due.webhookId)
  // 410 says that it will never take anything again (Standard Webhooks, "Delivery").
  else await noteFailure(ctx, due.webhookId, attempt.status === 410)
  return outcome
}

/** Undefined: a twin has it. */
async function claim(ctx: Ctx, delivery: WebhookDelivery): Promise<WebhookDelivery | undefined> {
  const nextAt = ctx.clock.now() + ATTEMPT_MS
  return written(ctx, delivery, {
    set: { nextAt, ...dueMark(ctx, delivery, nextAt) },
    fields: { nextAt },
    remove: ['sweeps'],
  })
}

async function record(
  ctx: Ctx,
  claimed: WebhookDelivery,
  {
    attempt,
    isDelivered,
    response,
  }: { readonly attempt: Attempt; readonly isDelivered: boolean; readonly response: string },
): Promise<WebhookOutcome> {
  const said = {
    attemptCount: claimed.attemptCount + 1,
    round: claimed.round + 1,
    attempts: [...claimed.attempts, attempt].slice(-ATTEMPTS_KEPT).map((one) => ({ ...one })),
    response,
  }
  const isOver = isDelivered || said.round >= ATTEMPTS_MAX
  if (isOver) {
    const state = isDelivered ? 'delivered' : 'failed'
    const ended = await written(ctx, claimed, { set: { ...said, state }, remove: finishedRemoves })
    return ended === undefined ? 'overtaken' : state
  }
  const nextAt = ctx.clock.now() + restAfter(said.round)
  const rested = await written(ctx, claimed, {
    set: { ...said, nextAt, ...dueMark(ctx, claimed, nextAt) },
    remove: ['sweeps'],
  })
  return rested === undefined ? 'overtaken' : 'later'
}

/** Ends what nobody is there to take; who wants it all the same asks for it again. */
async function end(ctx: Ctx, delivery: WebhookDelivery, failure: string): Promise<WebhookOutcome> {
  const attempt = { at: ctx.clock.now(), failure, milliseconds: 0 }
  const attempts = [...delivery.attempts, attempt].slice(-ATTEMPTS_KEPT).map((one) => ({ ...one }))
  const ended = await written(ctx, delivery, { set: { state: 'failed', attempts }, remove: finishedRemoves })
  return ended === undefined ? 'overtaken' : 'failed'
}

/** Over the delivery as it was read; undefined when somebody else was first. */
async function written(
  ctx: Ctx,
  delivery: WebhookDelivery,
  { set, remove, fields = {} }: Change,
): Promise<WebhookDelivery | undefined> {
  const version = delivery.version + 1
  try {
    await ctx.table.write({
      kind: 'update',
      key: deliveryKey(delivery),
      set: { ...set, version },
      remove,
      when: { attribute: 'version', is: '=', value: delivery.version },
    })
    return { ...delivery, ...fields, version }
  } catch (error) {
    if (!isFailure(error, 'table.condition_failed')) throw error
    return undefined
  }
}

type Change = {
  readonly set: NonNullable<Extract<Parameters<Ctx['table']['write']>[0], { kind: 'update' }>['set']>
  readonly remove: readonly string[]
  readonly fields?: Partial<WebhookDelivery>
}

function saidBy(answer: WebhookAnswer): Pick<Attempt, 'status' | 'failure'> {
  if (answer.kind === 'answered') return { status: answer.status }
  return { failure: answer.kind === 'refused' ? `refused: ${answer.reason}` : answer.reason }
}

function textOf(answer: WebhookAnswer): string {
  return answer.kind === 'answered' ? answer.text.toWellFormed() : ''
}
