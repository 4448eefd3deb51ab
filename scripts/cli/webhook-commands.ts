import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import {
  WEBHOOK_OVERLAP_SECONDS_MAX,
  WebhookDeliveryView,
  WebhookType,
  WebhookView,
  WebhookWithSecretView,
} from '#shared/contracts/webhooks-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'

const pathOf = (webhookId: string) => `/webhooks/${encodeURIComponent(webhookId)}`
const asked = () => ({ method: 'POST', headers: { 'idempotency-key': randomUUID() } }) as const

function lineOf({ id, url, types, is_enabled: isEnabled, ...webhook }: z.infer<typeof WebhookView>): string {
  const { disabled_because: because, failing_since: since } = webhook
  const state = isEnabled ? 'enabled' : `disabled (${because ?? 'asked'})`
  return [id, state, url, types.join(','), ...(since === undefined ? [] : [`failing since ${since}`])].join('  ')
}

function secretText({ id, secret }: z.infer<typeof WebhookWithSecretView>): string {
  return `${secret ?? ''}\nThe signing secret of webhook ${id}. It cannot be shown again.`
}

function deliveryLine(delivery: z.infer<typeof WebhookDeliveryView>): string {
  const last = delivery.attempts.at(-1)
  const said = last?.status === undefined ? last?.failure : `HTTP ${last.status}`
  const next = delivery.next_attempt_at === undefined ? [] : [`next ${delivery.next_attempt_at}`]
  const count = `${delivery.attempt_count} attempt${delivery.attempt_count === 1 ? '' : 's'}`
  return [
    delivery.created_at,
    delivery.id,
    delivery.type,
    delivery.state,
    count,
    ...(said ? [said] : []),
    ...next,
  ].join('  ')
}

const add: TenantCommand = {
  noun: 'webhook',
  verb: 'add',
  summary: 'Have a server told of what happens; its secret is shown once',
  positionals: ['URL'],
  options: {
    types: { value: 'LIST', help: `Parted by commas, of: ${WebhookType.options.join(',')}`, isRequired: true },
    description: { value: 'TEXT', help: 'What it is for' },
  },
  async run(product, { positionals: [url = ''], options: { types = '', description } }) {
    const body = {
      url,
      types: types.split(',').map((type) => type.trim()),
      ...(description === undefined ? {} : { description }),
    }
    const made = WebhookWithSecretView.parse(await product.api('/webhooks', { ...asked(), body }))
    return { text: secretText(made), json: made }
  },
}

const list: TenantCommand = {
  noun: 'webhook',
  verb: 'list',
  summary: 'List the servers that are told, and whether they take it',
  positionals: [],
  options: {},
  async run(product) {
    const page = pageOf(WebhookView).parse(await product.api('/webhooks'))
    return { text: page.data.length === 0 ? 'There are no webhooks.' : page.data.map(lineOf).join('\n'), json: page }
  },
}

const show: TenantCommand = {
  noun: 'webhook',
  verb: 'show',
  summary: 'Show one webhook',
  positionals: ['WEBHOOK_ID'],
  options: {},
  async run(product, { positionals: [webhookId = ''] }) {
    const webhook = WebhookView.parse(await product.api(pathOf(webhookId)))
    const about = [
      `addresses ${webhook.addresses}`,
      ...(webhook.description === undefined ? [] : [webhook.description]),
    ]
    return { text: [lineOf(webhook), ...about].join('\n'), json: webhook }
  },
}

const remove: TenantCommand = {
  noun: 'webhook',
  verb: 'remove',
  summary: 'Tell a server nothing more',
  positionals: ['WEBHOOK_ID'],
  options: {},
  async run(product, { positionals: [webhookId = ''] }) {
    await product.api(pathOf(webhookId), { method: 'DELETE' })
    return { text: `Webhook ${webhookId} is gone.`, json: { id: webhookId } }
  },
}

const switched = (verb: 'enable' | 'disable', summary: string): TenantCommand => ({
  noun: 'webhook',
  verb,
  summary,
  positionals: ['WEBHOOK_ID'],
  options: {},
  async run(product, { positionals: [webhookId = ''] }) {
    const body = { is_enabled: verb === 'enable' }
    const webhook = WebhookView.parse(await product.api(pathOf(webhookId), { method: 'PATCH', body }))
    return { text: lineOf(webhook), json: webhook }
  },
})

const rotate: TenantCommand = {
  noun: 'webhook',
  verb: 'rotate',
  summary: 'Give a webhook a new secret; the one before signs as well for a while',
  positionals: ['WEBHOOK_ID'],
  options: { overlap: { value: 'HOURS', help: 'How long both sign, 0 to 168 (24 when not given)' } },
  async run(product, { positionals: [webhookId = ''], options: { overlap = '24' } }) {
    const seconds = Number(overlap) * 3600
    if (!/^\d{1,3}$/.test(overlap) || seconds > WEBHOOK_OVERLAP_SECONDS_MAX)
      throw CliFailure.usage('--overlap is a number of hours from 0 to 168')
    const answer = await product.api(`${pathOf(webhookId)}/rotate`, { ...asked(), body: { overlap_seconds: seconds } })
    const webhook = WebhookWithSecretView.parse(answer)
    return { text: secretText(webhook), json: webhook }
  },
}

const test: TenantCommand = {
  noun: 'webhook',
  verb: 'test',
  summary: 'Send a message of type webhook.test',
  positionals: ['WEBHOOK_ID'],
  options: {},
  async run(product, { positionals: [webhookId = ''] }) {
    const delivery = WebhookDeliveryView.parse(await product.api(`${pathOf(webhookId)}/test`, asked()))
    return { text: `${delivery.id} is on its way. See: webhook log ${webhookId}`, json: delivery }
  },
}

const log: TenantCommand = {
  noun: 'webhook',
  verb: 'log',
  summary: 'List what was sent to a webhook in the last 30 days, newest first',
  positionals: ['WEBHOOK_ID'],
  options: {
    limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { positionals: [webhookId = ''], options: { limit = '20', after } }) {
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(after === undefined ? {} : { after }) })
    const page = pageOf(WebhookDeliveryView).parse(await product.api(`${pathOf(webhookId)}/deliveries?${query}`))
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    const rows = page.data.map(deliveryLine)
    return { text: rows.length === 0 ? 'Nothing was sent.' : [...rows, ...more].join('\n'), json: page }
  },
}

const resend: TenantCommand = {
  noun: 'webhook',
  verb: 'resend',
  summary: 'Send one message again, under the same id',
  positionals: ['WEBHOOK_ID', 'DELIVERY_ID'],
  options: {},
  async run(product, { positionals: [webhookId = '', deliveryId = ''] }) {
    const path = `${pathOf(webhookId)}/deliveries/${encodeURIComponent(deliveryId)}/resend`
    const delivery = WebhookDeliveryView.parse(await product.api(path, asked()))
    return { text: `${delivery.id} is on its way again.`, json: delivery }
  },
}

/** Servers of the tenant's own that are told of what happens. */
export const webhookCommands: readonly TenantCommand[] = [
  add,
  list,
  show,
  remove,
  switched('enable', 'Tell a server again'),
  switched('disable', 'Tell a server nothing until it is enabled again'),
  rotate,
  test,
  log,
  resend,
]
