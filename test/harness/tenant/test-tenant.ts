import { createHash } from 'node:crypto'
import { isFailure } from '#shared/errors/failure.ts'
import type { Authentication } from '#shared/imip/authentication.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import type { MailReader } from '#shared/imip/disassembled-mail.ts'
import { readLicenceKeys } from '#shared/licence/licence-keys.ts'
import type { WebhookDoor } from '#shared/platform/webhook-door.ts'
import type { Audience, Ctx, TenantSettings } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import type { MailOutcome } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { createLicenceWatch } from '#tenant-stack/core/licence-standing/licence-watch.ts'
import { unpaced } from '#tenant-stack/core/send-ledger/send-pace.ts'
import { createWebhookWatch } from '#tenant-stack/core/webhook/webhook-watch.ts'
import { pipelineNames, pipelines, queueNameOf } from '#tenant-stack/manifest.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { createCollectingLog } from '../platform/collecting-log.ts'
import { createMemoryPlatform, type MemoryPlatform } from '../platform/memory-platform.ts'
import { publishingOnly } from './publishing-only.ts'

/** Whose licence files the test tenant takes. */
export const testTenantId = 'ten_01jd0000000000000000000000'

/** Mail that SES or we fully believe; a test changes what it is about. */
export const believed: Authentication = {
  spf: 'PASS',
  dkim: 'PASS',
  dmarc: 'PASS',
  spam: 'PASS',
  virus: 'PASS',
  envelopeFrom: 'ana@example.com',
  dkimDomains: ['example.com'],
  authorDomain: 'example.com',
  isTrustedLoopback: false,
}

/** Nobody's server is there; a test brings its own. */
const closedDoor: WebhookDoor = {
  refusalOf: async () => undefined,
  call: async () => ({ kind: 'failed', reason: 'connection' }),
}

/** A receiver tells of which domain DMARC spoke: the one that From names. */
export function believedOf(raw: Uint8Array): Authentication {
  const authorDomain = /^From:.*?@([^\s<>",;]+)/im.exec(
    Buffer.from(raw)
      .toString()
      .replaceAll(/\r?\n[ \t]/g, ' '),
  )?.[1]
  return authorDomain === undefined ? believed : { ...believed, authorDomain }
}

export type TestTenantOptions = {
  readonly limits?: Partial<TenantSettings['limits']>
  readonly audience?: Audience
  /** Of one key; unless told otherwise more than any test asks. */
  readonly apiRequestsPerMinute?: number
  readonly domainName?: string
  readonly reader?: MailReader
  readonly organizers?: Ctx['settings']['organizers']
  readonly platform?: MemoryPlatform
  /** Public keys of licence files; none: the tenant asks for no licence. */
  readonly licenceKeys?: Readonly<Record<string, string>>
  /** Changes the context before anything runs: a port with faults, another setting. */
  readonly adjust?: (ctx: Ctx) => Ctx
}

export type SentMail = { readonly to: string; readonly raw: Buffer; readonly sendId: string }

/** A whole tenant on the memory platform: every pipeline, the real reader in its own process, a clock of the test's own. */
export async function createTestTenant(options: TestTenantOptions = {}) {
  const platform = options.platform ?? (await createMemoryPlatform({ queueDefinitions: queueDefinitions() }))
  // Fixtures are dated November 2026: a receiver's clock behind them would clamp their DTSTAMPs.
  platform.clock.set(Math.max(platform.clock.now(), Date.UTC(2026, 10, 24, 9)))
  const reader = options.reader ?? createMailReader({ log: createCollectingLog() })
  const verdicts = new Map<string, Partial<Authentication>>()
  const domainName = options.domainName ?? 'events.example.net'
  const plain: Ctx = {
    table: platform.table,
    topics: platform.topics,
    queueDepths: platform.queues,
    blobs: platform.blobs,
    mailer: platform.mailer,
    pace: unpaced,
    reader,
    authenticate: async (raw, origin) => ({
      ...believedOf(raw),
      envelopeFrom: origin?.envelopeFrom ?? '',
      ...verdicts.get(origin?.helo ?? ''),
    }),
    clock: platform.clock,
    ids: platform.ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    log: platform.log,
    workerId: 'worker-1',
    isWorkerGone: () => false,
    licence: createLicenceWatch({
      table: platform.table,
      clock: platform.clock,
      keys: readLicenceKeys(options.licenceKeys ?? {}),
      tenantId: testTenantId,
      domainName,
    }),
    webhooks: createWebhookWatch({ table: platform.table, clock: platform.clock }),
    webhookDoor: closedDoor,
    settings: {
      domainName,
      mailboxes: {
        create: 'create',
        lists: 'lists',
        reports: 'reports',
        unsubscribe: 'unsubscribe',
        postmaster: 'postmaster',
        abuse: 'abuse',
        dmarc: 'dmarc',
      },
      audience: options.audience ?? 'responded',
      organizers: options.organizers ?? { rule: 'anyone', allowedSenders: [] },
      limits: { invitesPerEvent: 2500, eventsPerOrganizer: 10_000, sendsPerDay: 50_000, ...options.limits },
      apiRequestsPerMinute: options.apiRequestsPerMinute ?? 1_000_000,
      apiUrl: `https://api.${domainName}/v1`,
      pagesUrl: `https://go.${domainName}`,
      sendLeaseSeconds: 30,
      unknownSendSeconds: 900,
      mailBytesMax: 25 * 1024 * 1024,
    },
  }
  const ctx = options.adjust?.(plain) ?? plain
  const create = `create@${domainName}`

  /** Runs every queue until all are empty; a retryable failure is given again, any other error is thrown to the test. */
  async function drain(): Promise<void> {
    for (let round = 0; round < 200; round += 1) if ((await drainOnce()) === 0) return
    throw new Error('the queues do not come to rest')
  }

  async function drainOnce(): Promise<number> {
    let handled = 0
    for (const name of pipelineNames()) {
      const queueName = queueNameOf(name)
      for (const message of await platform.queues.receive(queueName, { max: 10 })) {
        handled += 1
        if (!(await isHandled(() => pipelineHandlers[name](publishingOnly(ctx, name), message.body))))
          await platform.queues.changeVisibility(queueName, message.receiptHandle, 0)
        else await platform.queues.delete(queueName, message.receiptHandle)
      }
    }
    return handled
  }

  /** Accepts a mail, runs everything it leads to, and tells its outcome. `authentication` overrides what is believed. */
  async function receive(
    raw: string | Uint8Array,
    mail: { readonly to?: string; readonly from?: string; readonly authentication?: Partial<Authentication> } = {},
  ): Promise<MailOutcome & { readonly mailId: string }> {
    const recipient = mail.to ?? create
    const helo = `helo-${verdicts.size}`
    verdicts.set(helo, mail.authentication ?? {})
    const { mailId } = await acceptMail(ctx, {
      raw: typeof raw === 'string' ? Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n')) : raw,
      envelopeFrom: mail.from ?? 'ana@example.com',
      recipients: [recipient],
      origin: { remoteAddress: '203.0.113.7', helo },
    })
    await drain()
    const delivery = await findDelivery(ctx, mailId, recipient.toLowerCase())
    if (delivery?.outcome === undefined) throw new Error(`mail ${mailId} for ${recipient} has no outcome`)
    return { ...delivery.outcome, mailId }
  }

  /** Every mail handed over so far, oldest first. */
  async function sent(): Promise<readonly SentMail[]> {
    const mails: SentMail[] = []
    let cursor: string | undefined
    do {
      const page = await platform.outbox.list({ limit: 100, ...(cursor === undefined ? {} : { cursor }) })
      for (const { mailerMessageId, envelopeTo, sendId } of page.mails) {
        const raw = await platform.outbox.raw(mailerMessageId)
        mails.push({ to: envelopeTo, raw: Buffer.from(raw), sendId })
      }
      cursor = page.cursor
    } while (cursor !== undefined)
    return mails.reverse()
  }

  async function close(): Promise<void> {
    if (options.reader === undefined) await reader.close()
    await platform.close()
  }

  return { ctx, platform, create, drain, receive, sent, close }
}

export type TestTenant = Awaited<ReturnType<typeof createTestTenant>>

/** False when the handler asks to be given the message again; any other error is the test's. */
async function isHandled(handle: () => Promise<void>): Promise<boolean> {
  try {
    await handle()
    return true
  } catch (error) {
    if (isFailure(error) && error.retry) return false
    throw error
  }
}

/** The manifest's queues, as the embedded runtime opens them. */
export function queueDefinitions() {
  return pipelineNames().map((name) => ({
    queueName: queueNameOf(name),
    topicNames: [...pipelines[name].listensTo],
    visibilitySeconds: pipelines[name].visibilitySeconds,
    maxReceives: pipelines[name].maxReceives,
  }))
}
