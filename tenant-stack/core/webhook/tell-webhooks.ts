import type { WebhookType } from '#shared/contracts/webhooks-api.ts'
import type { AttributeValue, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { maskAddress } from '../mailbox/mask-address.ts'
import type { Webhook } from './webhook.ts'
import { newDeliveryOperation } from './webhook-delivery.ts'

/** What has happened, told by ids; a key of the API reads the rest. */
export type Fact = {
  readonly type: WebhookType
  readonly data: { readonly [name: string]: AttributeValue | undefined }
  /** Whom it is about; masked unless the endpoint may know him. */
  readonly email?: string
}

type Told = {
  /** To be written with the fact itself. */
  readonly operations: readonly WriteOperation[]
  /** To be published once that is written; when that is lost, the sweep does it. */
  readonly notices: readonly { readonly topicName: 'webhook-due'; readonly body: string }[]
}

/** One promised message for each endpoint that wants to know; nothing, and no write, when none does. */
export function toldOf(ctx: Ctx, listening: readonly Webhook[], fact: Fact): Told {
  const made = listening
    .filter(({ types }) => types.includes(fact.type))
    .map(({ webhookId, isUnmasked }) =>
      newDeliveryOperation(ctx, { webhookId, type: fact.type, data: dataOf(fact, isUnmasked) }),
    )
  return {
    operations: made.map(({ operation }) => operation),
    notices: made.map(({ delivery: { webhookId, deliveryId } }) => ({
      topicName: 'webhook-due',
      body: JSON.stringify({ webhookId, deliveryId }),
    })),
  }
}

/** The same for who has not asked yet who listens. */
export async function tellWebhooks(ctx: Ctx, fact: Fact): Promise<Told> {
  return toldOf(ctx, await ctx.webhooks.listening(), fact)
}

function dataOf({ data, email }: Fact, isUnmasked: boolean): Fact['data'] {
  return email === undefined ? data : { ...data, email: isUnmasked ? email : maskAddress(email) }
}
