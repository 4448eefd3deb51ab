import { createHash } from 'node:crypto'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import {
  createSimulatedCloud,
  type SimulatedCloudInput,
  type SimulatedWorld,
} from '#control-plane/cloud/simulated/simulated-cloud.ts'
import type { DataHost, SimulatedMail } from '#control-plane/cloud/simulated/simulation.ts'
import { templatesOfReleases } from '#control-plane/cloud/simulated/tenant-template.ts'
import type { Actor } from '#control-plane/core/actor.ts'
import { registerCell } from '#control-plane/core/placement/register-cell.ts'
import { openRing, registerRelease } from '#control-plane/core/release/register-release.ts'
import { LAST_RING } from '#control-plane/core/release/rings.ts'
import type { ProvisioningCtx } from '#control-plane/provisioning/context.ts'
import { PROBE_LOCAL_PART, probeKey } from '#shared/contracts/probe.ts'
import type { ReleaseManifest } from '#shared/contracts/release.ts'
import { openSqliteStore } from '#shared/platform/embedded/sqlite-store.ts'
import { createTable } from '#shared/platform/embedded/table.ts'
import type { Ids } from '#shared/platform/small-ports.ts'
import type { Table } from '#shared/platform/table.ts'
import { createMemoryDataHost, createMemoryStackHost, type MemoryStackHost } from './memory-hosts.ts'
import { createMemoryMailer, type SentMail } from './memory-mailer.ts'
import { accountBaseline, cellInput, releaseManifest } from './samples.ts'
import { createRandom, createVirtualClock, type VirtualClock } from './virtual-clock.ts'
import { createWorldDns, type WorldDns } from './world-dns.ts'

export type Told = { readonly queueName: string; readonly body: string }

export type World = {
  readonly clock: VirtualClock
  readonly table: Table
  readonly cloud: Cloud
  readonly cloudTable: Table
  readonly world: SimulatedWorld
  readonly dns: WorldDns
  /** Bodies that wait; whoever drives the world takes them. */
  readonly queue: Told[]
  /** Mails of the control plane's own that left. */
  readonly sent: readonly SentMail[]
  /** A worker's ctx; its table and cloud may stand behind faults. */
  readonly ctxOf: (options?: {
    readonly workerId?: string
    readonly table?: Table
    readonly cloud?: Cloud
    readonly send?: ProvisioningCtx['queues']['send']
    readonly pause?: ProvisioningCtx['pause']
    readonly actor?: Actor
  }) => ProvisioningCtx
  readonly close: () => Promise<void>
}

export type WorldOptions = {
  readonly seed?: number
  readonly seconds?: SimulatedCloudInput['seconds']
  readonly stackFails?: () => string | undefined
  readonly cells?: number
  readonly cap?: number
  readonly releases?: readonly ReleaseManifest[]
}

/** A control plane and a cloud in memory, on a clock that only whoever drives them moves. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const clock = createVirtualClock()
  const store = openSqliteStore({ file: ':memory:' })
  const table = createTable({ store, clock, tenantId: 'control' })
  const cloudTable = createTable({ store, clock, tenantId: 'cloud' })
  const ids = createIds()
  const releases = options.releases ?? [releaseManifest('1.0.0')]
  const zones: { read: SimulatedWorld['servedZones'] } = { read: async () => [] }
  const dns = createWorldDns(() => zones.read())
  const stackHost = createMemoryStackHost(options.stackFails === undefined ? {} : { fails: options.stackFails })
  const dataHost = createMemoryDataHost()
  const { cloud, world } = createSimulatedCloud({
    table: cloudTable,
    clock,
    ids,
    stackHost,
    dataHost,
    templates: templatesOfReleases(async () => releases),
    sees: dns.sees,
    deliver: (mail) => takeProbe(mail, { stackHost, dataHost }),
    licenceKeys: {},
    ...(options.seconds === undefined ? {} : { seconds: options.seconds }),
  })
  zones.read = () => world.servedZones()
  const queue: Told[] = []
  const { mailer, sent } = createMemoryMailer()
  const random = createRandom(options.seed ?? 1)
  const ctxOf: World['ctxOf'] = (given = {}) => ({
    table: given.table ?? table,
    queues: { send: given.send ?? (async (queueName, body) => void queue.push({ queueName, body })) },
    mailer,
    clock,
    ids,
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    random,
    log: { info: nothing, warn: nothing, error: nothing, metric: nothing },
    workerId: given.workerId ?? 'worker-1',
    actor: given.actor ?? { type: 'system', id: 'engine' },
    scope: { kind: 'all' },
    settings: { publicUrl: 'http://localhost', mailFrom: 'convoke@example.com', vendorName: 'Convoke' },
    licenceSettings: {
      graceDays: 14,
      refundDays: 14,
      vendorEmail: 'vendor@example.com',
      priceCents: 99_500,
      currency: 'usd',
    },
    licenceSigner: {
      sign: (payload) => ({ kid: 'k1', payload: base64url(JSON.stringify(payload)), signature: 'A'.repeat(86) }),
    },
    textSigner: { sign: (text) => ({ kid: 'k1', signature: base64url(text).slice(0, 86) }) },
    licenceKeys: {},
    cloud: given.cloud ?? cloud,
    dns: dns.dns,
    probes: { answers: async () => 'answers' },
    estate: {
      environment: 'prod',
      rootParentId: 'r-root',
      dedicatedParentId: 'ou-abcd-dedicated1',
      accountEmailOf: (token) => `aws+${token}@example.com`,
      accountBaseline,
      warmAccounts: 1,
      retentionDays: 30,
      mailUse: { websiteUrl: 'https://example.com', useCase: 'calendar invites', contactEmail: 'vendor@example.com' },
    },
    isWorkerGone: () => false,
    pause: given.pause ?? (async (milliseconds) => clock.set(clock.now() + milliseconds)),
  })
  const vendor = ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })
  for (const manifest of releases) {
    await registerRelease(vendor, { manifest, capacity: { atFirst: 96, raised: 480 } })
    await openRing(vendor, { releaseVersion: manifest.version, ring: LAST_RING, isForced: true })
  }
  for (let at = 0; at < (options.cells ?? 1); at += 1) {
    const input = cellInput(at, options.cap ?? 96)
    await world.openAccount({ awsAccountId: input.awsAccountId })
    await registerCell(vendor, input)
  }
  return { clock, table, cloud, cloudTable, world, dns, queue, sent, ctxOf, close: () => store.close() }
}

/** What a stack's first pipeline does with a probe: its mark, in the tenant's bucket. */
async function takeProbe(
  { to, at }: SimulatedMail,
  hosts: { readonly stackHost: MemoryStackHost; readonly dataHost: DataHost },
): Promise<void> {
  const [localPart = '', domainName = ''] = to.split('@')
  const tenantId = hosts.stackHost.tenantOf(domainName)
  if (tenantId === undefined || !localPart.startsWith(PROBE_LOCAL_PART)) return
  const bucket = await hosts.dataHost.bucket(tenantId)
  const mark = new TextEncoder().encode(JSON.stringify({ receivedAt: at }))
  await bucket.put(probeKey(localPart.slice(PROBE_LOCAL_PART.length)), mark)
}

const nothing = () => undefined

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function createIds(): Ids {
  let count = 0
  const next = () => (++count).toString().padStart(26, '0')
  return { newId: (prefix) => `${prefix}_${next()}`, newToken: next }
}
