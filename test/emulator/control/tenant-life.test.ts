import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '#control-plane/core/audit/list-audit.ts'
import { getLicence } from '#control-plane/core/licence/licence-store.ts'
import { liftSuspension, suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import type { Tenant } from '#control-plane/core/tenant/tenant.ts'
import { linkCustomerAccount } from '#control-plane/provisioning/link-customer-account.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { siteOf } from '#control-plane/provisioning/site.ts'
import { accountBaselineOf } from '#shared/contracts/account-baseline.ts'
import { reportFigure } from '#test/harness/aws/report-figure.ts'
import { changeExternalId, layBaseline } from '#test/harness/control/aws-account.ts'
import { drive, nowOf } from '#test/harness/control/aws-drive.ts'
import { heldFor, licenceStandingOf, NOTHING } from '#test/harness/control/aws-held.ts'
import { MANAGEMENT_ACCOUNT_ID } from '#test/harness/control/aws-organization.ts'
import { fillPool, payFor, reach, stepsDone } from '#test/harness/control/aws-tenant-life.ts'
import { type AwsWorld, openAwsWorld } from '#test/harness/control/aws-world.ts'

const CUSTOMERS_ACCOUNT_ID = '222233334444'
const retiring = { reason: 'The licensee wants no more.' }

let world: AwsWorld
let steps = 0
beforeAll(async () => {
  world = await openAwsWorld()
})
afterAll(async () => {
  reportFigure('control_steps', steps)
  await world.close()
})

async function sendingStatusOf(tenant: Tenant): Promise<string | undefined> {
  const { place } = await siteOf(world.ctx(), tenant)
  return (await world.cloud.at(place).sesTenants.read(tenant.stackName ?? ''))?.sendingStatus
}

describe('a tenant in a cell', () => {
  let live: Tenant

  it('goes live once it is paid and delegated: each part of it there once, its API answering by its own name', async () => {
    const tenant = await payFor(world, 'life.example.com', 'cell')
    live = await reach(world, tenant, 'live')
    expect(live).toMatchObject({ awsAccountId: world.estate.awsAccountId, templateVersion: '0.1.0' })
    expect(await heldFor(world, live)).toEqual({
      stack: 'UPDATE_COMPLETE',
      sesTenant: true,
      identity: true,
      zones: 1,
      certificates: 1,
      table: true,
      bucket: true,
      route: 'active',
    })
    expect(live.resources.apiUrl).toBe('https://api.life.example.com/v1')
    expect(await world.ctx().probes.answers(live.resources.apiUrl ?? '')).toBe('answers')
    expect(await licenceStandingOf(world, live)).toMatchObject({ code: 'VALID', isWorking: true })
  })

  it('keeps its mail and sends nothing while its licence is held, and works again afterwards', async () => {
    const { licenceId } = live
    await suspendLicence(world.ctx(), { licenceId, reason: 'Many complaints.' })
    await reach(world, live, 'suspended')
    expect(await heldFor(world, live)).toMatchObject({ route: 'suspended', identity: true, stack: 'UPDATE_COMPLETE' })
    expect(await sendingStatusOf(live)).toBe('DISABLED')
    expect(await licenceStandingOf(world, live)).toMatchObject({ isWorking: false })
    await liftSuspension(world.ctx(), { licenceId, reason: 'Explained.' })
    await reach(world, live, 'live')
    expect(await heldFor(world, live)).toMatchObject({ route: 'active' })
    expect(await sendingStatusOf(live)).toBe('REINSTATED')
    expect(await licenceStandingOf(world, live)).toMatchObject({ isWorking: true })
  })

  it('leaves table and bucket alone when it is retired, and nothing at the end of their time but the audit log', async () => {
    const { tenantId, licenseeId, licenceId } = live
    await retireTenant(world.ctx(), { tenantId, ...retiring })
    await reach(world, live, 'retained')
    expect(await heldFor(world, live)).toEqual({ ...NOTHING, table: true, bucket: true })
    await reach(world, live, 'deleted')
    expect(await heldFor(world, live)).toEqual(NOTHING)
    const { rows } = await listAudit(world.ctx(), { licenseeId, limit: 200 })
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['tenant.paid', 'tenant.live', 'tenant.suspended', 'tenant.retained', 'tenant.deleted']),
    )
    await drive(world, tenantId, () => true)
    expect((await getLicence(world.ctx(), licenceId)).state).toBe('closed')
    steps += await stepsDone(world, live)
  })
})

describe('a tenant with an account of its own', () => {
  it('takes one that Organizations made for it, lives there, and has it closed at the end', async () => {
    // The activator of the account makes the tenant's receipt rules active; the double knows one account.
    world.estate.ruleSets.set(undefined)
    const tenant = await payFor(world, 'own.example.com', 'dedicated')
    await drive(world, tenant.tenantId, ({ step }) => step?.waitsFor === 'account')
    expect(await fillPool(world)).toEqual(['creating', 'moving', 'baselining', 'ready'])
    const live = await reach(world, tenant, 'live')
    expect(live.awsAccountId).toMatch(/^\d{12}$/)
    expect([world.estate.awsAccountId, MANAGEMENT_ACCOUNT_ID]).not.toContain(live.awsAccountId)
    expect(await heldFor(world, live)).toMatchObject({ stack: 'UPDATE_COMPLETE', identity: true, zones: 1 })
    expect(await heldFor(world, live, world.estate.awsAccountId)).toEqual(NOTHING)
    expect(world.estate.ruleSets.active()).toMatch(new RegExp(`^${live.stackName}-`))
    expect(await licenceStandingOf(world, live)).toMatchObject({ code: 'VALID' })
    await retireTenant(world.ctx(), { tenantId: live.tenantId, ...retiring })
    await reach(world, live, 'deleted')
    expect(await heldFor(world, live)).toEqual(NOTHING)
    const account = await world.cloud.organizations.describeAccount(live.awsAccountId ?? '')
    expect(account?.state).toBe('SUSPENDED')
    steps += await stepsDone(world, live)
  })
})

describe('a tenant in the customer’s account', () => {
  it('is refused there with the wrong external id, and made with the right one', async () => {
    world.estate.ruleSets.set(undefined)
    const { tenantId } = await payFor(world, 'theirs.example.com', 'customer')
    const { externalId = '' } = await drive(world, tenantId, ({ step }) => step?.waitsFor === 'link')
    const awsAccountId = CUSTOMERS_ACCOUNT_ID
    await layBaseline(world.estate, world.organization, { awsAccountId, externalId: 'w'.repeat(32) })
    const { operatingRoleArn } = accountBaselineOf({ awsAccountId, region: world.estate.region })
    await linkCustomerAccount(world.ctx(), { tenantId, awsAccountId, operatingRoleArn })
    const refused = await drive(world, tenantId, ({ step }) => step?.error?.code === 'denied')
    expect((await nowOf(world, tenantId)).step).toMatchObject({ name: 'check_place', error: { class: 'denied' } })
    expect(await heldFor(world, refused)).toEqual(NOTHING)
    await changeExternalId(world.estate, world.organization, { awsAccountId, externalId })
    const live = await reach(world, refused, 'live')
    expect(await heldFor(world, live)).toMatchObject({ stack: 'UPDATE_COMPLETE', identity: true, zones: 1 })
    steps += await stepsDone(world, live)
  })
})
