import * as z from 'zod'
import { ApiScope } from '#shared/contracts/api.ts'
import type { WebhookType } from '#shared/contracts/webhooks-api.ts'
import type { WebhookAnswer, WebhookCall, WebhookDoor } from '#shared/platform/webhook-door.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { addWebhook } from '#tenant-stack/core/webhook/change-webhooks.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { createTestTenant, type TestTenantOptions } from './test-tenant.ts'

const Message = z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.unknown()) })

export const taken: WebhookAnswer = { kind: 'answered', status: 200, text: 'ok' }
export const down: WebhookAnswer = { kind: 'failed', reason: 'connection' }

/** A tenant whose webhooks are a server of the test's: it keeps each call and answers as it is told. */
export async function listeningTenant(options: TestTenantOptions = {}) {
  const calls: (WebhookCall & { readonly at: number })[] = []
  let answer: (call: WebhookCall) => WebhookAnswer | Promise<WebhookAnswer> = () => taken
  const tenant = await createTestTenant({
    ...options,
    adjust: (ctx) => {
      const webhookDoor: WebhookDoor = {
        refusalOf: async () => undefined,
        call: async (call) => {
          calls.push({ ...call, at: ctx.clock.now() })
          return answer(call)
        },
      }
      return options.adjust?.({ ...ctx, webhookDoor }) ?? { ...ctx, webhookDoor }
    },
  })
  const { ctx } = tenant

  /** Adds an endpoint by a key of all scopes, or of some. */
  async function listen(types: readonly WebhookType[], scopes: readonly ApiScope[] = ApiScope.options) {
    const { apiKey } = await createApiKey(ctx, { label: 'test', scopes })
    return addWebhook(ctx, apiKey, { url: 'https://hooks.example.com/in', types })
  }

  /** Lets so many seconds pass in one step, then sweeps and works. */
  async function pass(seconds: number): Promise<void> {
    tenant.platform.clock.advance(seconds)
    await sweepHandlers.unfinished(ctx)
    await tenant.drain()
  }

  return {
    tenant,
    calls,
    listen,
    pass,
    answerWith: (next: typeof answer) => {
      answer = next
    },
    /** What was sent so far, by type and data. */
    told: () => calls.map(({ body }) => Message.parse(JSON.parse(body))),
  }
}

export type ListeningTenant = Awaited<ReturnType<typeof listeningTenant>>
