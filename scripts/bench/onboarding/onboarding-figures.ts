import { AuditRow, auditPartition } from '#control-plane/core/audit/audit.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { loadRun } from '#control-plane/provisioning/run-store.ts'
import type { Figure, RunGroup } from '../../figures/figure.ts'
import { drive, handle } from '../saga/drive.ts'
import { createLicensee, payFor } from '../saga/tenant-life.ts'
import { createWorld, type World } from '../saga/world.ts'

type Walk = {
  readonly steps: number
  /** Acts of the vendor's people, and waits for them, from paid to live. */
  readonly vendorActs: number
  readonly licenseeActs: number
  readonly seconds: number
}

/** From paid to live, both ways of setting a domain up: how many steps, and how many of them a person of ours has a hand in. */
export const onboardingFigures: RunGroup = async () => {
  const walks = { delegated: await walk('delegated'), manual: await walk('manual') }
  for (const [dnsMode, one] of Object.entries(walks))
    process.stdout.write(
      `onboarding: ${dnsMode}: ${one.steps} steps, ${one.licenseeActs} acts of the licensee, live ${one.seconds} s of the clock after the payment\n`,
    )
  const all = Object.values(walks)
  const rows = [
    ['human_steps_of_ours', all.reduce((sum, { vendorActs }) => sum + vendorActs, 0), 'steps'],
    ['steps', walks.delegated.steps, 'steps'],
    ['acts_of_licensee', walks.delegated.licenseeActs, 'acts'],
    ['paid_to_live_s', walks.delegated.seconds, 's'],
  ] as const
  return rows.map(([name, value, unit]): Figure => ({ group: 'onboarding', name, value, unit }))
}

async function walk(dnsMode: Tenant['dnsMode']): Promise<Walk> {
  const world = await createWorld()
  try {
    const { tenantId } = await payFor(world, { domainName: 'invites.example.com', dnsMode })
    const begun = world.clock.now()
    const paidRows = (await auditOf(world, tenantId)).length
    let licenseeActs = 0
    let waitsForVendor = 0
    let lastRun = ''
    const act = createLicensee(world, tenantId)
    const outcome = await drive(world, {
      handle: (told) => handle(world.ctxOf(), told),
      async person() {
        const hasActed = await act()
        if (hasActed) licenseeActs += 1
        return hasActed
      },
      async isDone() {
        const tenant = await getTenant(world.ctxOf(), tenantId)
        if (tenant.runId !== undefined) {
          lastRun = tenant.runId
          const { steps } = await loadRun(world.ctxOf(), tenantId, tenant.runId)
          if (steps.some(({ whoActs }) => whoActs === 'vendor')) waitsForVendor += 1
        }
        return tenant.state === 'live'
      },
      daysMax: 7,
    })
    if (outcome === 'stuck') throw new Error(`${dnsMode}: the tenant did not come to live`)
    const ofVendor = (await auditOf(world, tenantId)).slice(paidRows).filter(({ actor }) => actor.type === 'vendor')
    const { steps } = await loadRun(world.ctxOf(), tenantId, lastRun)
    const seconds = (world.clock.now() - begun) / 1000
    return { steps: steps.length, vendorActs: ofVendor.length + waitsForVendor, licenseeActs, seconds }
  } finally {
    await world.close()
  }
}

async function auditOf(world: World, tenantId: string): Promise<readonly AuditRow[]> {
  const { licenseeId } = await getTenant(world.ctxOf(), tenantId)
  const { items } = await world.table.query({ pk: auditPartition(licenseeId), limit: 1000 })
  return items.map((item) => AuditRow.parse(item))
}
