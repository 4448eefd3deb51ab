import type { ApiScope } from '#shared/contracts/api.ts'
import { WEBHOOK_TYPES, type WebhookType } from '#shared/contracts/webhooks-api.ts'
import { isFailure } from '#shared/errors/failure.ts'
import type { WriteOperation } from '#shared/platform/table.ts'
import type { Maker } from '../api-key/create-key.ts'
import type { Ctx } from '../context.ts'
import {
  SENT_WEBHOOKS_MAX,
  WEBHOOKS_MAX,
  type Webhook,
  WebhookFailure,
  WebhookSecrets,
  Webhooks,
  webhookHealthKey,
  webhookSecretsKey,
  webhooksKey,
} from './webhook.ts'

/** Another request, or an endpoint that is given up, may change the same row. */
const TRIES = 6

type Wanted = {
  readonly url: string
  readonly types: readonly WebhookType[]
  readonly description?: string | undefined
}

/** All endpoints, in the order they were made. */
export async function readWebhooks(ctx: Ctx): Promise<readonly Webhook[]> {
  return (await readAll(ctx)).webhooks
}

/** Throws `webhook.not_found`. */
export async function getWebhook(ctx: Ctx, webhookId: string): Promise<Webhook> {
  return found(await readWebhooks(ctx), webhookId)
}

/**
 * Adds an endpoint for a key: it hears what that key may read, addresses as that key sees them. The secret is in the answer and is not
 * shown again. Throws `webhook.bad_url`, `webhook.scope_exceeded`, `webhook.too_many`.
 */
export async function addWebhook(
  ctx: Ctx,
  maker: Maker,
  wanted: Wanted,
): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
  await assertCallable(ctx, wanted.url)
  assertReadable(maker, wanted.types)
  const now = ctx.clock.now()
  const { description } = wanted
  const webhook: Webhook = {
    webhookId: ctx.ids.newId('whk'),
    url: wanted.url,
    types: [...new Set(wanted.types)],
    ...(description === undefined || description === '' ? {} : { description }),
    isEnabled: true,
    isUnmasked: isUnmasked(maker),
    createdAt: now,
    updatedAt: now,
  }
  const secret = newSecret(ctx)
  const item = { ...webhookSecretsKey(webhook.webhookId), secrets: [{ secret }] }
  await change(ctx, (webhooks) => [...webhooks, webhook], [{ kind: 'put', item, when: { row: 'absent' } }])
  return { webhook, secret }
}

/**
 * Changes an endpoint for a key, which must be allowed to read all that the endpoint will be told: who could point it elsewhere would read
 * along otherwise. Throws as `addWebhook`, and `webhook.not_found`.
 */
export async function changeWebhook(
  ctx: Ctx,
  maker: Maker,
  { webhookId, ...wanted }: Partial<Wanted> & { readonly webhookId: string; readonly isEnabled?: boolean | undefined },
): Promise<Webhook> {
  const { url, types, description, isEnabled } = wanted
  if (url !== undefined) await assertCallable(ctx, url)
  const after = (before: Webhook): Webhook => {
    const { description: words = '', disabledBecause, ...rest } = before
    const isOn = isEnabled ?? before.isEnabled
    const said = description ?? words
    const why = isEnabled === false ? (disabledBecause ?? 'asked') : disabledBecause
    const changed: Webhook = {
      ...rest,
      url: url ?? before.url,
      types: types === undefined ? before.types : [...new Set(types)],
      ...(said === '' ? {} : { description: said }),
      isEnabled: isOn,
      ...(isOn || why === undefined ? {} : { disabledBecause: why }),
      isUnmasked: before.isUnmasked && isUnmasked(maker),
      updatedAt: ctx.clock.now(),
    }
    assertReadable(maker, changed.types)
    return changed
  }
  // Whoever enables it begins anew: what failed before says nothing of what it is now.
  const more: readonly WriteOperation[] =
    isEnabled === true ? [{ kind: 'update', key: webhookHealthKey(webhookId), remove: ['failingSince'] }] : []
  return found(await change(ctx, (webhooks) => replaced(webhooks, webhookId, after), more), webhookId)
}

/** Takes an endpoint away with its secrets; its log ends by itself. Again it changes nothing. */
export async function removeWebhook(ctx: Ctx, webhookId: string): Promise<void> {
  if (!(await readWebhooks(ctx)).some((one) => one.webhookId === webhookId)) return
  await change(ctx, (webhooks) => webhooks.filter((one) => one.webhookId !== webhookId), [
    { kind: 'put', item: { ...webhookSecretsKey(webhookId), secrets: [] } },
    { kind: 'update', key: webhookHealthKey(webhookId), remove: ['failingSince'] },
  ])
}

/** Ends an endpoint that does not take what it asked for; a person enables it again. */
export async function giveUpWebhook(ctx: Ctx, webhookId: string, because: 'failing' | 'gone'): Promise<void> {
  await change(ctx, (webhooks) =>
    webhooks.map((one) =>
      one.webhookId === webhookId && one.isEnabled
        ? { ...one, isEnabled: false, disabledBecause: because, updatedAt: ctx.clock.now() }
        : one,
    ),
  )
  ctx.log.error({ at: 'webhook.disabled', webhookId, because })
}

/** Gives an endpoint a new secret; the one before signs as well until the overlap has passed. Throws `webhook.not_found`. */
export async function rotateWebhook(
  ctx: Ctx,
  { webhookId, overlapSeconds }: { readonly webhookId: string; readonly overlapSeconds: number },
): Promise<{ readonly webhook: Webhook; readonly secret: string }> {
  const webhook = await getWebhook(ctx, webhookId)
  const [newest] = await liveSecrets(ctx, webhookId)
  const secret = newSecret(ctx)
  const endsAt = Math.floor(ctx.clock.now() / 1000) + overlapSeconds
  const kept = newest === undefined || overlapSeconds === 0 ? [] : [{ secret: newest, endsAt }]
  await change(ctx, (webhooks) => replaced(webhooks, webhookId, (one) => ({ ...one, updatedAt: ctx.clock.now() })), [
    { kind: 'put', item: { ...webhookSecretsKey(webhookId), secrets: [{ secret }, ...kept] } },
  ])
  return { webhook, secret }
}

/** What signs now, the newest first. */
export async function liveSecrets(ctx: Ctx, webhookId: string): Promise<readonly string[]> {
  const row = await ctx.table.get(webhookSecretsKey(webhookId))
  const nowSeconds = ctx.clock.now() / 1000
  const { secrets } = row === undefined ? { secrets: [] } : WebhookSecrets.parse(row)
  return secrets.filter(({ endsAt }) => (endsAt ?? Infinity) > nowSeconds).map(({ secret }) => secret)
}

async function readAll(ctx: Ctx): Promise<Webhooks> {
  const row = await ctx.table.get(webhooksKey)
  return row === undefined ? { webhooks: [], version: 0 } : Webhooks.parse(row)
}

async function change(
  ctx: Ctx,
  changed: (webhooks: readonly Webhook[]) => readonly Webhook[],
  more: readonly WriteOperation[] = [],
): Promise<readonly Webhook[]> {
  for (let attempt = 1; ; attempt += 1) {
    const { webhooks: before, version } = await readAll(ctx)
    const webhooks = changed(before)
    if (webhooks.length > before.length || sentCount(webhooks) > sentCount(before)) assertRoom(webhooks)
    const when =
      version === 0 ? ({ row: 'absent' } as const) : ({ attribute: 'version', is: '=', value: version } as const)
    try {
      const item = { ...webhooksKey, webhooks: webhooks.map((one) => ({ ...one })), version: version + 1 }
      await ctx.table.transact([{ kind: 'put', item, when }, ...more])
      ctx.webhooks.forget()
      return webhooks
    } catch (error) {
      const isRace = isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
      if (!isRace) throw error
      if (attempt >= TRIES) throw WebhookFailure.changed_meanwhile('The webhooks have changed meanwhile: look again.')
    }
  }
}

function assertRoom(webhooks: readonly Webhook[]): void {
  if (webhooks.length > WEBHOOKS_MAX) throw WebhookFailure.too_many(`There are ${WEBHOOKS_MAX} webhooks at most.`)
  if (sentCount(webhooks) > SENT_WEBHOOKS_MAX)
    throw WebhookFailure.too_many(
      `${SENT_WEBHOOKS_MAX} webhooks at most hear of invitation.sent: each makes every invite a write dearer.`,
    )
}

function sentCount(webhooks: readonly Webhook[]): number {
  return webhooks.filter(({ types }) => types.includes('invitation.sent')).length
}

function replaced(webhooks: readonly Webhook[], webhookId: string, after: (before: Webhook) => Webhook) {
  found(webhooks, webhookId)
  return webhooks.map((one) => (one.webhookId === webhookId ? after(one) : one))
}

function found(webhooks: readonly Webhook[], webhookId: string): Webhook {
  const webhook = webhooks.find((one) => one.webhookId === webhookId)
  if (webhook === undefined) throw WebhookFailure.not_found('There is no such webhook.')
  return webhook
}

async function assertCallable(ctx: Ctx, url: string): Promise<void> {
  const refusal = await ctx.webhookDoor.refusalOf(url)
  if (refusal !== undefined) throw WebhookFailure.bad_url(`This address cannot be called: ${refusal}.`)
}

function assertReadable({ scopes }: Maker, types: readonly WebhookType[]): void {
  const needed: readonly ApiScope[] = [...new Set(types.map((type) => WEBHOOK_TYPES[type]))]
  const lacking = needed.filter((scope) => !scopes.includes(scope))
  if (lacking.length > 0)
    throw WebhookFailure.scope_exceeded(
      `This key lacks ${lacking.join(', ')}, which reads what the webhook would be told.`,
    )
}

function isUnmasked({ scopes }: Maker): boolean {
  return scopes.includes('attendees:unmasked')
}

/** 52 bytes of which 256 bits are random (Standard Webhooks: 24 to 64 bytes). */
function newSecret(ctx: Ctx): string {
  return `whsec_${btoa(`${ctx.ids.newToken()}${ctx.ids.newToken()}`)}`
}
