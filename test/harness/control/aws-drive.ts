import { setTimeout as delay } from 'node:timers/promises'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { DUE_SHARDS, duePartition } from '#control-plane/core/due.ts'
import { lookAtLicence } from '#control-plane/core/licence/look-at-licence.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { tick } from '#control-plane/core/tick.ts'
import { noticeOf } from '#control-plane/manifest.ts'
import { followLicence } from '#control-plane/provisioning/follow-licence.ts'
import { lookAtDomain } from '#control-plane/provisioning/look-at-domain.ts'
import type { StepRow } from '#control-plane/provisioning/run.ts'
import { currentStep, loadRun } from '#control-plane/provisioning/run-store.ts'
import { workOnTenant } from '#control-plane/provisioning/work-on-tenant.ts'
import type { AwsWorld } from './aws-world.ts'

/** What the emulator does in its own time: between two looks at it a moment passes outside as well. */
const IN_REAL_TIME = ['stack', 'table', 'probe_mail']
const MOMENT_MS = 50
const ROUNDS_MAX = 3000
/** Troubles, and looks that find nothing, of one step in a row that no hiccup explains. */
const ATTEMPTS_MAX = 4
const SMOKES_MAX = 20

export type Now = { readonly tenant: Tenant; readonly step: StepRow | undefined }

/** A tenant and the step that its run is at. */
export async function nowOf({ ctx }: AwsWorld, tenantId: string): Promise<Now> {
  const tenant = await getTenant(ctx(), tenantId)
  const { runId } = tenant
  return { tenant, step: runId === undefined ? undefined : currentStep((await loadRun(ctx(), tenantId, runId)).steps) }
}

/**
 * Handles what waits in the engine's queues, does what the licensee is asked for, and moves the clock to whatever is due next, until it is
 * done. Rejects when a step failed or met trouble again and again.
 */
export async function drive(world: AwsWorld, tenantId: string, isDone: (now: Now) => boolean): Promise<Tenant> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await world.serveZone(tenantId)
    if (await handleAll(world)) continue
    const now = await nowOf(world, tenantId)
    if (isDone(now)) return now.tenant
    assertNoTrouble(world, now)
    if (await doAsLicensee(world, now)) continue
    if (IN_REAL_TIME.includes(now.step?.waitsFor ?? '')) await delay(MOMENT_MS)
    await passToNextDue(world)
  }
  const { tenant, step } = await nowOf(world, tenantId)
  throw new Error(`${tenant.state} does not come to an end: ${JSON.stringify(step)}`)
}

async function handleAll({ plane, ctx }: AwsWorld): Promise<boolean> {
  const [provision, changed, licences, domains] = [
    await plane.takeAll('provision'),
    await plane.takeAll('licence-changed'),
    await plane.takeAll('licence-due'),
    await plane.takeAll('domain-due'),
  ]
  for (const body of provision) await workOnTenant(ctx(), noticeOf.provision.parse(body))
  for (const body of changed) await followLicence(ctx(), noticeOf['licence-changed'].parse(body))
  for (const body of licences) await lookAtLicence(ctx(), noticeOf['licence-due'].parse(body))
  for (const body of domains) await lookAtDomain(ctx(), noticeOf['domain-due'].parse(body))
  return provision.length + changed.length + licences.length + domains.length > 0
}

/** Delegates the domain at his provider, and takes the delegation away, each when he is asked for it. */
async function doAsLicensee({ dns, ctx }: AwsWorld, { tenant, step }: Now): Promise<boolean> {
  const { domainName, tenantId } = tenant
  const waitsFor = step?.waitsFor
  if (waitsFor !== 'delegation' && waitsFor !== 'undelegated') return false
  const nameServers = waitsFor === 'delegation' ? ((await findDomain(ctx(), tenantId))?.nameServers ?? []) : []
  const there = (await dns.zone.store.listZones()).flatMap(({ records }) => records)
  const isDelegated = there.some(({ name, type }) => name === domainName && type === 'NS')
  if (isDelegated === nameServers.length > 0) return false
  await dns.zone.store.delegate({ domainName, nameServers })
  return true
}

async function passToNextDue({ plane, ctx }: AwsWorld): Promise<void> {
  const { clock, table } = plane.platform
  const firsts = await Promise.all(
    Array.from({ length: DUE_SHARDS }, (_, shard) => table.query({ index: 'gsi1', pk: duePartition(shard), limit: 1 })),
  )
  const times = firsts.flatMap(({ items }) => items.map(({ gsi1sk }) => Number(gsi1sk)))
  if (times.length === 0) throw new Error('nothing is due any more')
  // A row that is due and was told moves its mark; should it not, time goes on all the same.
  clock.set(Math.max(Math.min(...times), clock.now() + 1000))
  await tick(ctx())
}

function assertNoTrouble({ plane }: AwsWorld, { step }: Now): void {
  const isTrouble = (one: StepRow) =>
    one.status === 'failed' || one.attempt >= ATTEMPTS_MAX || (one.name === 'smoke_test' && one.visits >= SMOKES_MAX)
  if (step === undefined || !isTrouble(step)) return
  const { name, error, waitsFor } = step
  const logged = plane.platform.log.entries.filter(({ level }) => level === 'error').slice(-3)
  throw new Error(`${name} ${waitsFor}: ${error?.code} ${error?.text}\n${JSON.stringify(logged)}`)
}
