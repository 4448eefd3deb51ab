import { join, resolve } from 'node:path'
import { createControlApi } from '#control-plane/api/app.ts'
import type { OpenStripeDouble } from '#control-plane/billing/embedded/open-stripe-double.ts'
import { tick } from '#control-plane/core/tick.ts'
import { createDnsPage } from '#control-plane/dns/embedded/dns-page.ts'
import type { LocalZone } from '#control-plane/dns/embedded/local-zone.ts'
import { controlQueueNames, controlQueues, controlSweeps } from '#control-plane/manifest.ts'
import { queueWork } from '#control-plane/queue-work.ts'
import { type ControlStores, openControlStores, type WiredControl } from '#control-plane/wire.ts'
import { sweepsWork } from '#control-plane/work/sweeps-work.ts'
import { type Environment, isLoopbackHost } from '#shared/contracts/environment.ts'
import { startQueueRunner } from '#shared/runtime/queue-runner.ts'
import { type SweepTask, startSweeper } from '#shared/runtime/sweeper.ts'
import { removeFile, writeWholeFile } from '#shared/runtime/whole-file.ts'
import type { OpenedChild } from '#shared/runtime/working-child.ts'
import { composeControlApp } from './compose-app.ts'
import { ensureLocalEstate } from './ensure-local-estate.ts'
import { CELL_ACCOUNT, LOCAL_REGION } from './local-estate.ts'
import { localSources } from './local-sources.ts'
import { type ChosenPorts, openDoors } from './open-doors.ts'
import { type ControlRunning, controlRunningFileName } from './running-file.ts'
import { collectTenantNotices } from './tenant-notices.ts'
import type { ControlReady } from './told.ts'
import { ensureVendorKeyFile, vendorKeyFileName } from './vendor-key-file.ts'

/** On one machine nobody waits a minute for what is due: the look costs one read of eight empty shards. */
const TICK_SECONDS = 1

/** Opens the control plane of one machine: its doors, then what works behind them. The caller owns its folder. */
export async function openControlPlane(environment: Environment, chosen: ChosenPorts): Promise<OpenedChild> {
  const { control } = environment
  const stores = openControlStores(environment)
  const doors = await openDoors(environment, stores, chosen)
  if (doors.kind === 'refused') {
    await stores.close()
    return doors
  }
  const { http, stripe, zone, wired, moved, baseUrl } = doors
  const ctx = wired.ctxFor({ actor: { type: 'system', id: 'scheduler' }, scope: { kind: 'all' } })
  await stores.own.releaseInFlight()
  await wired.world.openAccount({ awsAccountId: CELL_ACCOUNT })
  await ensureLocalEstate(ctx, control.vendorEmail)
  const dataFolder = resolve(environment.dataFolder)
  const vendorKeyFile = join(dataFolder, vendorKeyFileName)
  await ensureVendorKeyFile(ctx, vendorKeyFile)
  http.serve(appOf({ environment, stores, wired, zone, stripe, vendorKeyFile, secret: doors.sessionSecret }))
  const runner = startQueueRunner({
    own: stores.own,
    tasks: controlQueueNames().map((queueName) => ({
      ...controlQueues[queueName],
      queueName,
      handle: async (body) =>
        void (await queueWork[queueName](
          wired.ctxFor({ actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }),
          body,
        )),
    })),
    clock: stores.clock,
    log: stores.log,
  })
  const sweeper = startSweeper(sweepsOf(stores, wired, dataFolder), stores.log)
  const runningFile = join(dataFolder, controlRunningFileName)
  const running: ControlRunning = { baseUrl, stripeUrl: stripe.baseUrl, dnsPort: zone.resolver.port, pid: process.pid }
  await writeWholeFile(runningFile, `${JSON.stringify(running)}\n`)
  return {
    kind: 'opened',
    ports: { CONVOKE_CONTROL_PORT: http.port, CONVOKE_STRIPE_PORT: stripe.port, CONVOKE_DNS_PORT: zone.resolver.port },
    told: { baseUrl, vendorEmail: control.vendorEmail, vendorKeyFile, moved } satisfies ControlReady,
    async close() {
      await Promise.all([http.close(), sweeper.stop(), runner.stop(), stripe.close()])
      await zone.close()
      await stores.close()
      await removeFile(runningFile)
    },
  }
}

function sweepsOf(stores: ControlStores, wired: WiredControl, dataFolder: string): readonly SweepTask[] {
  const ctx = wired.ctxFor({ actor: { type: 'system', id: 'scheduler' }, scope: { kind: 'all' } })
  return [
    { name: 'tick', everySeconds: TICK_SECONDS, sweep: async () => void (await tick(ctx)) },
    {
      name: 'account-pools',
      everySeconds: controlSweeps['account-pools'].everySeconds,
      sweep: async () => void (await sweepsWork['account-pools'](ctx)),
    },
    {
      name: 'reconcile',
      everySeconds: controlSweeps.reconcile.everySeconds,
      sweep: async () => void (await sweepsWork.reconcile(ctx)),
    },
    {
      name: 'licence-files',
      everySeconds: controlSweeps['licence-files'].everySeconds,
      sweep: async () => void (await sweepsWork['licence-files'](ctx)),
    },
    {
      name: 'tenant-notices',
      everySeconds: 5,
      sweep: async () => void (await collectTenantNotices({ dataFolder, queues: stores.own.queues })),
    },
    {
      name: 'expired',
      everySeconds: 3600,
      async sweep() {
        while (await stores.removeExpired());
      },
    },
  ]
}

function appOf(parts: {
  readonly environment: Environment
  readonly stores: ControlStores
  readonly wired: WiredControl
  readonly zone: LocalZone
  readonly stripe: OpenStripeDouble
  readonly vendorKeyFile: string
  readonly secret: string
}) {
  const { environment, stores, wired } = parts
  const tenantsUrl = `http://localhost:${environment.http.port}`
  return composeControlApp({
    api: createControlApi({
      ctxFor: wired.ctxFor,
      // These doors answer this machine alone, and its user could read the vendor's key as well.
      signIn: { secret: parts.secret, vendorSignsInBy: 'passkey_or_link' },
      newRequestId: () => stores.ids.newId('req'),
      places: { regions: [LOCAL_REGION], allowsReservedNames: true },
      consoleUrlOf: ({ tenantId }) => `${tenantsUrl}/t/${tenantId}`,
      ipAddressOf: (c) => remoteAddressOf(c.env),
    }),
    sources: localSources(wired.ctxFor({ actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } })),
    mails: stores.outbox,
    dnsPage: createDnsPage({ localZone: parts.zone, basePath: '/dns' }),
    facts: {
      vendorEmail: environment.control.vendorEmail,
      vendorKeyFile: parts.vendorKeyFile,
      stripeUrl: parts.stripe.baseUrl,
      dnsPort: parts.zone.resolver.port,
      tenantsUrl,
    },
    isFromHere: (env, host) => isLoopbackHost(remoteAddressOf(env) ?? '') && isLoopbackHost(host),
  })
}

/** As `@hono/node-server` gives it to an app. */
function remoteAddressOf(env: unknown): string | undefined {
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return undefined
  const { incoming } = env
  if (typeof incoming !== 'object' || incoming === null || !('socket' in incoming)) return undefined
  const { socket } = incoming
  if (typeof socket !== 'object' || socket === null || !('remoteAddress' in socket)) return undefined
  return typeof socket.remoteAddress === 'string' ? socket.remoteAddress.replace(/^::ffff:/, '') : undefined
}
