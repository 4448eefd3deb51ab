import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Environment } from '#shared/contracts/environment.ts'
import { createAuthenticator, createReceiptlessAuthenticator } from '#shared/imip/authenticate/authenticator.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { readLicenceKeys } from '#shared/licence/licence-keys.ts'
import { removeExpiredRows } from '#shared/platform/embedded/expired-rows.ts'
import { createFileBlobs } from '#shared/platform/embedded/file-blobs.ts'
import { createOutbox, type Outbox } from '#shared/platform/embedded/outbox.ts'
import { lockDataFolder, type OwnerLock } from '#shared/platform/embedded/owner-lock.ts'
import { createQueues, type EmbeddedQueues } from '#shared/platform/embedded/queues.ts'
import { createSmtpMailer } from '#shared/platform/embedded/smtp-mailer.ts'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import type { Mailer } from '#shared/platform/mailer.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import { createWebhookDoor } from '#shared/platform/node/webhook-door.ts'
import type { QueueDefinition } from '#shared/platform/queue.ts'
import type { Ctx } from './core/context.ts'
import { createLicenceWatch } from './core/licence-standing/licence-watch.ts'
import { unpaced } from './core/send-ledger/send-pace.ts'
import type { Teller } from './core/teller.ts'
import { createWebhookWatch } from './core/webhook/webhook-watch.ts'
import { pipelineNames, pipelines, queueNameOf } from './manifest.ts'
import { createMachineRate, type MachineRate } from './wire-rate.ts'

export type Wired = {
  readonly ctx: Ctx
  readonly own: EmbeddedQueues
  /** Every mail kept here, when no relay is set. */
  readonly outbox: Outbox
  /** Host of the relay that mail goes to instead. */
  readonly relayHost?: string
  /** Removes rows past their time, which no read returns any more; true when there may be more. */
  removeExpired(): Promise<boolean>
  /** Closes the store (of the machine's own tenant: ends the reader of all, too); nothing may run on `ctx` any more. */
  close(): Promise<void>
}

/** Rows removed in one transaction: a few milliseconds, so that nothing waits for it. */
const EXPIRED_AT_ONCE = 500

/** The machine's own tenant, beside those that are stamped here; it needs no licence. */
const tenantId = 'embedded'

/** Makes this process the owner of the data folder; throws `store.folder_in_use` when another one is. */
export function ownDataFolder(environment: Environment): OwnerLock {
  return lockDataFolder(resolve(environment.dataFolder))
}

/** What is a tenant's own among those of one machine. */
export type EmbeddedTenant = {
  readonly tenantId: string
  /** Its part of the data folder, as a path. */
  readonly folder: string
  readonly settings: Pick<
    Environment,
    'domainName' | 'mailboxes' | 'audience' | 'organizers' | 'limits' | 'apiRequestsPerMinute' | 'mailBytesMax'
  >
  /** Base of its links, without trailing slash. */
  readonly url: string
  /** By kid; none: it asks for no licence. */
  readonly licenceKeys: Readonly<Record<string, string>>
  /** None: it tells nobody how it is. */
  readonly teller?: Teller
}

/** Chooses every implementation of the embedded product. `baseUrl` is where HTTP really listens, without trailing slash. */
export async function wireEmbedded(
  environment: Environment,
  baseUrl: string,
): Promise<Wired & { wireBeside(tenant: EmbeddedTenant): Promise<Wired> }> {
  const url = environment.publicUrl ?? baseUrl
  const folder = resolve(environment.dataFolder)
  await mkdir(folder, { recursive: true })
  const machine = machineOf(environment)
  const own = await wireTenant(machine, { tenantId, folder, settings: environment, url, licenceKeys: {} })
  return {
    ...own,
    wireBeside: (tenant) => wireTenant(machine, tenant),
    async close() {
      await machine.reader.close()
      await machine.rate?.close()
      await own.close()
    },
  }
}

/** What all tenants of a process share: they have nothing of any of them. */
type Machine = Pick<Ctx, 'reader' | 'authenticate' | 'clock' | 'ids' | 'log' | 'webhookDoor'> & {
  readonly environment: Environment
  /** Of the relay, which they share. */
  readonly rate?: MachineRate
}

function machineOf(environment: Environment): Machine {
  const clock = systemClock
  const log = createJsonLog({
    clock,
    level: environment.logLevel,
    hasMetrics: false,
    writeLine: (line) => void process.stderr.write(line),
  })
  const reader = createMailReader({ log })
  const { sendsPerSecond, dataFolder } = environment
  const rate =
    sendsPerSecond === undefined
      ? {}
      : { rate: createMachineRate({ file: join(resolve(dataFolder), 'rate.sqlite'), sendsPerSecond, clock, log }) }
  const authenticate = authenticateBy(environment)
  const webhookDoor = createWebhookDoor({ isLoopbackAllowed: environment.isWebhookLoopbackAllowed })
  return { environment, clock, log, reader, ids: createRandomIds(clock), authenticate, webhookDoor, ...rate }
}

/** Opens one tenant on its own store, blobs, queues and outbox. */
async function wireTenant({ environment, rate, ...machine }: Machine, tenant: EmbeddedTenant): Promise<Wired> {
  const { clock, ids } = machine
  const { folder, url } = tenant
  const { domainName, mailboxes, audience, organizers, limits, apiRequestsPerMinute, mailBytesMax } = tenant.settings
  const keys = readLicenceKeys(tenant.licenceKeys)
  await mkdir(folder, { recursive: true })
  const blobs = await createFileBlobs({ folder: join(folder, 'blobs'), clock })
  const store = openSqliteStore({ file: join(folder, 'tenant.sqlite') })
  const own = createQueues({ store, clock, definitions: queueDefinitions() })
  const outbox = createOutbox({ store, clock })
  const relay = relayOf(environment, domainName)
  const workerId = ids.newId('req')
  const table = createTable({ store, clock, tenantId: tenant.tenantId })
  const { sendLeaseSeconds, unknownSendSeconds } = environment
  const ctx: Ctx = {
    ...machine,
    table,
    topics: own.topics,
    queueDepths: own.queues,
    blobs,
    mailer: relay?.mailer ?? outbox,
    pace: rate?.paceOf(tenant.tenantId) ?? unpaced,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    workerId,
    // The owner lock: whoever claimed work under another name is a dead predecessor.
    isWorkerGone: (other) => other !== workerId,
    licence: createLicenceWatch({ table, clock, keys, tenantId: tenant.tenantId, domainName }),
    webhooks: createWebhookWatch({ table, clock }),
    ...(tenant.teller === undefined ? {} : { teller: tenant.teller }),
    settings: {
      domainName,
      mailboxes,
      organizers,
      limits,
      audience,
      mailBytesMax,
      apiRequestsPerMinute,
      apiUrl: `${url}/v1`,
      pagesUrl: url,
      sendLeaseSeconds,
      unknownSendSeconds,
    },
  }
  return {
    ctx,
    own,
    outbox,
    ...(relay === undefined ? {} : { relayHost: relay.host }),
    removeExpired: async () => (await removeExpiredRows(store, clock, EXPIRED_AT_ONCE)) === EXPIRED_AT_ONCE,
    async close() {
      relay?.mailer.close()
      await store.close()
    },
  }
}

/** Swept mail has lost its way in: its signatures can be checked, SPF and so DMARC cannot. */
function authenticateBy(environment: Environment): Ctx['authenticate'] {
  const options = environment.dnsServers === undefined ? {} : { dnsServers: environment.dnsServers }
  const authenticate = createAuthenticator({ ...options, trustLoopback: environment.isLoopbackTrusted })
  const authenticateReceiptless = createReceiptlessAuthenticator(options)
  return async (raw, origin) => (origin === undefined ? authenticateReceiptless(raw) : authenticate({ raw, ...origin }))
}

/** The manifest's pipelines as queues: what runs here is what is deployed. */
function queueDefinitions(): readonly QueueDefinition[] {
  return pipelineNames().map((name) => {
    const { listensTo, visibilitySeconds, maxReceives } = pipelines[name]
    return { queueName: queueNameOf(name), topicNames: listensTo, visibilitySeconds, maxReceives }
  })
}

function relayOf(
  environment: Environment,
  domainName: string,
): { readonly mailer: Mailer & { close(): void }; readonly host: string } | undefined {
  if (environment.relayUrl === undefined) return undefined
  const { protocol, hostname, port, username, password } = new URL(environment.relayUrl)
  const secure = protocol === 'smtps:'
  const standardPort = secure ? 465 : 587
  const mailer = createSmtpMailer({
    host: hostname,
    port: port === '' ? standardPort : Number(port),
    secure,
    name: domainName,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  })
  return { mailer, host: hostname }
}
