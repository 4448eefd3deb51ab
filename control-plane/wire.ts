import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Environment } from '#shared/contracts/environment.ts'
import { openSigningKey } from '#shared/licence/signing-key.ts'
import { removeExpiredRows } from '#shared/platform/embedded/expired-rows.ts'
import { createOutbox, type Outbox } from '#shared/platform/embedded/outbox.ts'
import { lockDataFolder, type OwnerLock } from '#shared/platform/embedded/owner-lock.ts'
import { createQueues, type EmbeddedQueues } from '#shared/platform/embedded/queues.ts'
import { createSmtpMailer } from '#shared/platform/embedded/smtp-mailer.ts'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import { createJsonLog } from '#shared/platform/node/json-log.ts'
import { createRandomIds } from '#shared/platform/node/random-ids.ts'
import { systemClock } from '#shared/platform/node/system-clock.ts'
import type { Clock, Ids, Log } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import type { ControlCtx as ApiCtx } from './api/env.ts'
import { checkedStripeSettings } from './billing/billing-context.ts'
import { openStripe } from './billing/open-stripe.ts'
import { createHttpProbes } from './cloud/http-probes.ts'
import { createFolderDelivery } from './cloud/simulated/folder-delivery.ts'
import { createFolderDataHost, createFolderStackHost } from './cloud/simulated/folder-hosts.ts'
import { createSimulatedCloud, type SimulatedWorld } from './cloud/simulated/simulated-cloud.ts'
import { type Sees, SIMULATED_SECONDS } from './cloud/simulated/simulation.ts'
import { templatesOfReleases } from './cloud/simulated/tenant-template.ts'
import type { Actor, Scope } from './core/actor.ts'
import type { Ctx } from './core/context.ts'
import { listReleases } from './core/release/release.ts'
import type { DnsServer } from './dns/lookups.ts'
import { createNodeLookups } from './dns/node-lookups.ts'
import { createDns } from './dns/resolvers.ts'
import { controlQueueNames, controlQueues } from './manifest.ts'
import type { Estate, ProvisioningCtx } from './provisioning/context.ts'

/** All that any part of the control plane may touch. */
export type ControlCtx = ApiCtx & ProvisioningCtx

export type ControlStores = {
  readonly tables: { readonly control: Table; readonly stripe: Table; readonly cloud: Table; readonly dns: Table }
  readonly own: EmbeddedQueues
  readonly outbox: Outbox
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** Removes rows past their time; true when there may be more. */
  removeExpired(): Promise<boolean>
  close(): Promise<void>
}

/** Rows removed in one transaction: a few milliseconds, so that nothing waits for it. */
const EXPIRED_AT_ONCE = 500
const DATABASE = 'control.sqlite'

/** Below the data folder: the tenants' product owns the folder itself. */
export function controlFolder(environment: Environment): string {
  return join(resolve(environment.dataFolder), 'control')
}

/** Makes this process the owner of the control plane's data; throws `store.folder_in_use` when another one is. */
export function ownControlFolder(environment: Environment): OwnerLock {
  return lockDataFolder(controlFolder(environment))
}

/** Opens the one database of the embedded control plane, and of the local stand-ins for Stripe, the cloud and the world's DNS. */
export function openControlStores(environment: Environment): ControlStores {
  const clock = systemClock
  const store = openSqliteStore({ file: join(controlFolder(environment), DATABASE) })
  const table = (scope: string) => createTable({ store, clock, tenantId: scope })
  const log = createJsonLog({
    clock,
    level: environment.logLevel,
    hasMetrics: false,
    writeLine: (line) => void process.stderr.write(line),
  })
  return {
    tables: { control: table('control'), stripe: table('stripe'), cloud: table('cloud'), dns: table('dns') },
    own: createQueues({
      store,
      clock,
      definitions: controlQueueNames().map((queueName) => ({ queueName, topicNames: [], ...controlQueues[queueName] })),
    }),
    outbox: createOutbox({ store, clock }),
    clock,
    ids: createRandomIds(clock),
    log,
    removeExpired: async () => (await removeExpiredRows(store, clock, EXPIRED_AT_ONCE)) === EXPIRED_AT_ONCE,
    close: () => store.close(),
  }
}

export type LocalWorld = {
  /** Where the control plane's pages and API are. */
  readonly baseUrl: string
  readonly stripe: { readonly port: number; readonly secretKey: string; readonly webhookSecret: string }
  readonly resolver: DnsServer
  readonly addressOf: (serverName: string) => Promise<readonly DnsServer[]>
  /** Ed25519, PKCS #8 PEM: for licence files and exports. */
  readonly licenceKeyPem: string
  /** Another of the kind, for hand-overs alone. */
  readonly handOverKeyPem: string
  readonly estate: Estate
}

export type WiredControl = {
  readonly ctxFor: (who: {
    readonly actor: Actor
    readonly scope: Scope
    readonly caller?: NonNullable<Ctx['caller']>
  }) => ControlCtx
  readonly world: SimulatedWorld
}

/** Chooses every implementation of the embedded control plane. */
export function wireControl(environment: Environment, stores: ControlStores, local: LocalWorld): WiredControl {
  const { clock, ids, log } = stores
  const { kid, publicKeySpki, licenceSigner, textSigner } = openSigningKey(local.licenceKeyPem)
  const lookups = createNodeLookups()
  const dns = createDns({
    lookups,
    resolvers: [local.resolver, local.resolver, local.resolver],
    addressOf: local.addressOf,
  })
  const workerId = ids.newId('req')
  const base: Omit<ControlCtx, 'actor' | 'scope' | 'cloud'> = {
    table: stores.tables.control,
    queues: stores.own.queues,
    mailer: stores.outbox,
    clock,
    ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    random: Math.random,
    log,
    workerId,
    settings: { publicUrl: local.baseUrl, mailFrom: `convoke@${environment.domainName}`, vendorName: 'Convoke' },
    licenceSettings: {
      graceDays: 14,
      refundDays: 14,
      vendorEmail: environment.control.vendorEmail,
      priceCents: 99_500,
      currency: 'usd',
    },
    licenceSigner,
    stripe: openStripe({ secretKey: local.stripe.secretKey, baseUrl: `http://127.0.0.1:${local.stripe.port}` }),
    stripeSettings: checkedStripeSettings({
      webhookSecrets: [local.stripe.webhookSecret],
      priceLookupKey: 'convoke-licence-yearly',
      isLivemode: false,
    }),
    dns,
    probes: createHttpProbes({ allowsPlain: true }),
    textSigner,
    handOverSigner: openSigningKey(local.handOverKeyPem).textSigner,
    licenceKeys: { [kid]: publicKeySpki },
    estate: local.estate,
    isWorkerGone: (other) => other !== workerId,
    pause: (milliseconds) => pause(milliseconds),
  }
  const folders = { dataFolder: resolve(environment.dataFolder), clock }
  const everything: Ctx = { ...base, actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }
  const { cloud, world } = createSimulatedCloud({
    table: stores.tables.cloud,
    clock,
    ids,
    stackHost: createFolderStackHost(folders),
    dataHost: createFolderDataHost(folders),
    templates: templatesOfReleases(async () => (await listReleases(everything)).map(({ manifest }) => manifest)),
    sees: createSees(lookups, local.resolver),
    deliver: createFolderDelivery({
      ...folders,
      openMailer: (door) => createSmtpMailer({ ...door, timeoutSeconds: 10 }),
    }),
    licenceKeys: { [kid]: publicKeySpki },
    seconds: fasterBy(environment.control.cloudSpeed),
  })
  return {
    ctxFor: ({ actor, scope, caller }) => ({
      ...base,
      cloud,
      actor,
      scope,
      ...(caller === undefined ? {} : { caller }),
    }),
    world,
  }
}

/** The cloud takes its time, shortened: nothing in it is skipped. */
function fasterBy(speed: number): typeof SIMULATED_SECONDS {
  const entries = Object.entries(SIMULATED_SECONDS).map(([name, seconds]) => [name, seconds / speed])
  return Object.fromEntries(entries) as typeof SIMULATED_SECONDS
}

/** What the world's resolver sees, as the simulated SES and ACM look. */
function createSees(lookups: ReturnType<typeof createNodeLookups>, resolver: DnsServer): Sees {
  return async (name, type) => {
    const answer = await lookups.ask(resolver, { name, type }, { isRecursive: true })
    if (answer.kind === 'failed') return { kind: 'no_answer' }
    if (answer.rcode === 3) return { kind: 'no_name' }
    if (answer.rcode !== 0) return { kind: 'no_answer' }
    const values = answer.answers.filter((record) => record.type === type).map(({ value }) => value)
    return { kind: 'values', values }
  }
}
