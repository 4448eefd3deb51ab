import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import type { Environment } from '#shared/contracts/environment.ts'
import { createAuthenticator, createReceiptlessAuthenticator } from '#shared/imip/authenticate/authenticator.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
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
import type { QueueDefinition } from '#shared/platform/queue.ts'
import type { Ctx } from './core/context.ts'
import { pipelineNames, pipelines, queueNameOf } from './manifest.ts'

export type Wired = {
  readonly ctx: Ctx
  readonly own: EmbeddedQueues
  /** Every mail kept here, when no relay is set. */
  readonly outbox: Outbox
  /** Host of the relay that mail goes to instead. */
  readonly relayHost?: string
  /** Removes rows past their time, which no read returns any more; true when there may be more. */
  removeExpired(): Promise<boolean>
  /** Ends the reader and closes the store; nothing may run on `ctx` any more. */
  close(): Promise<void>
}

/** Rows removed in one transaction: a few milliseconds, so that nothing waits for it. */
const EXPIRED_AT_ONCE = 500

/** The one tenant of an embedded data folder. */
const tenantId = 'embedded'

/** Makes this process the owner of the data folder; throws `store.folder_in_use` when another one is. */
export function ownDataFolder(environment: Environment): OwnerLock {
  return lockDataFolder(resolve(environment.dataFolder))
}

/** Chooses every implementation of the embedded product. `baseUrl` is where HTTP really listens, without trailing slash. */
export async function wireEmbedded(environment: Environment, baseUrl: string): Promise<Wired> {
  const folder = resolve(environment.dataFolder)
  const clock = systemClock
  const ids = createRandomIds(clock)
  const log = createJsonLog({
    clock,
    level: environment.logLevel,
    hasMetrics: false,
    writeLine: (line) => void process.stderr.write(line),
  })
  const store = openSqliteStore({ file: join(folder, 'tenant.sqlite') })
  const own = createQueues({ store, clock, definitions: queueDefinitions() })
  const outbox = createOutbox({ store, clock })
  const relay = relayOf(environment)
  const reader = createMailReader({ log })
  const workerId = ids.newId('req')
  const publicUrl = environment.publicUrl ?? baseUrl
  const ctx: Ctx = {
    table: createTable({ store, clock, tenantId }),
    topics: own.topics,
    queueDepths: own.queues,
    blobs: await createFileBlobs({ folder: join(folder, 'blobs'), clock }),
    mailer: relay?.mailer ?? outbox,
    reader,
    authenticate: authenticateBy(environment),
    clock,
    ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    log,
    workerId,
    // The owner lock: whoever claimed work under another name is a dead predecessor.
    isWorkerGone: (other) => other !== workerId,
    settings: {
      domainName: environment.domainName,
      mailboxes: environment.mailboxes,
      audience: environment.audience,
      apiUrl: `${publicUrl}/v1`,
      pagesUrl: publicUrl,
      sendLeaseSeconds: environment.sendLeaseSeconds,
      unknownSendSeconds: environment.unknownSendSeconds,
      mailBytesMax: environment.mailBytesMax,
    },
  }
  return {
    ctx,
    own,
    outbox,
    ...(relay === undefined ? {} : { relayHost: relay.host }),
    removeExpired: async () => (await removeExpiredRows(store, clock, EXPIRED_AT_ONCE)) === EXPIRED_AT_ONCE,
    async close() {
      await reader.close()
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
): { readonly mailer: Mailer & { close(): void }; readonly host: string } | undefined {
  if (environment.relayUrl === undefined) return undefined
  const { protocol, hostname, port, username, password } = new URL(environment.relayUrl)
  const secure = protocol === 'smtps:'
  const standardPort = secure ? 465 : 587
  const mailer = createSmtpMailer({
    host: hostname,
    port: port === '' ? standardPort : Number(port),
    secure,
    name: environment.domainName,
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  })
  return { mailer, host: hostname }
}
