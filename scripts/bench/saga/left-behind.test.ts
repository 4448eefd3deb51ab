import { afterEach, describe, expect, it } from 'vitest'
import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { TENANT_TAG } from '#control-plane/cloud/tags.ts'
import { suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { followLicence } from '#control-plane/provisioning/follow-licence.ts'
import { linkCustomerAccount } from '#control-plane/provisioning/link-customer-account.ts'
import { listRuns, readRun } from '#control-plane/provisioning/read-run.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { drive, handle } from './drive.ts'
import { cellInput, REGION } from './samples.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
const opened: World[] = []
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

async function open(): Promise<World> {
  const world = await createWorld()
  opened.push(world)
  return world
}

/** What the newest run of a kind says it has left. */
async function leftIn(world: World, tenantId: string, kind: string): Promise<readonly string[]> {
  const { runs } = await listRuns(world.ctxOf(), { tenantId, limit: 20 })
  const runId = runs.find((run) => run.kind === kind)?.runId ?? ''
  const { steps } = await readRun(world.ctxOf(), { tenantId, runId })
  return steps.flatMap(({ left }) => (left === undefined ? [] : [left]))
}

describe('what is not the tenant’s', () => {
  it('is left by a retirement, and told to the vendor: an identity that changed hands between look and deletion, a zone that was tagged for another', async () => {
    const world = await open()
    const { tenantId } = await payFor(world, { domainName })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    const { awsAccountId } = cellInput(0, 1)
    const cloud = world.cloud.at({ awsAccountId, region: REGION })
    const { resources } = await getTenant(world.ctxOf(), tenantId)
    const hostedZoneId = resources.hostedZoneId ?? ''
    await cloud.hostedZones.tag({ hostedZoneId, tags: { [TENANT_TAG]: 'somebody' } })
    const records = (await cloud.hostedZones.records(hostedZoneId))?.length
    await retireTenant(world.ctxOf(), { tenantId, reason: 'moved away' })
    const foreignIdentity = aroundCloud(world.cloud, async (call, act) => {
      const answer = await act()
      // Between the look and the deletion the name went to another.
      if (call.verb === 'sesTenants.associations') {
        await cloud.emailIdentities.delete(domainName)
        await cloud.emailIdentities.create({ emailIdentity: domainName, tags: {} })
      }
      return answer
    })
    const outcome = await drive(world, {
      handle: (told) => handle(world.ctxOf({ cloud: foreignIdentity }), told),
      person: createLicensee(world, tenantId),
      isDone: async () => (await getTenant(world.ctxOf(), tenantId)).state === 'retained',
    })
    expect(outcome).toBe('done')
    expect(await cloud.emailIdentities.read(domainName)).toBeDefined()
    expect(await cloud.hostedZones.read(hostedZoneId)).toBeDefined()
    expect((await cloud.hostedZones.records(hostedZoneId))?.length).toBe(records)
    expect(await leftIn(world, tenantId, 'retire')).toEqual([
      `SES identity ${domainName}, which does not bear our tags`,
      `Route 53 zone ${domainName}, ${hostedZoneId}, which does not bear our tags`,
    ])
    await passDays(world, 1)
    expect(world.sent.map(({ to, text }) => [to, text])).toContainEqual([
      'vendor@example.com',
      expect.stringContaining(hostedZoneId),
    ])
  })
})

describe('a customer who has revoked our role', () => {
  async function revoked() {
    const world = await open()
    const awsAccountId = '999999999999'
    const operatingRoleArn = `arn:aws:iam::${awsAccountId}:role/baseline/operating`
    const { tenantId, licenceId } = await payFor(world, { domainName, placement: 'customer' })
    await passDays(world, 1)
    const { externalId = '' } = await getTenant(world.ctxOf(), tenantId)
    await world.world.openAccount({ awsAccountId, trust: { roleArn: operatingRoleArn, externalId } })
    await linkCustomerAccount(world.ctxOf(), { tenantId, awsAccountId, operatingRoleArn })
    expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
    const cloud = aroundCloud(world.cloud, async (call, act) => {
      if (call.place?.awsAccountId === awsAccountId) throw CloudFailure.denied('AssumeRole: AccessDenied')
      return act()
    })
    const until = (state: string) =>
      drive(world, {
        handle: (told) => handle(world.ctxOf({ cloud }), told),
        person: createLicensee(world, tenantId),
        isDone: async () => {
          const tenant = await getTenant(world.ctxOf(), tenantId)
          return tenant.state === state && tenant.runId === undefined
        },
        daysMax: 60,
      })
    return { world, tenantId, licenceId, until, cloud }
  }

  it('is suspended, with what may go on in his account told', async () => {
    const { world, tenantId, licenceId, until, cloud } = await revoked()
    await suspendLicence(world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } }), {
      licenceId,
      reason: 'abuse',
    })
    expect(await until('suspended')).toBe('done')
    expect(await leftIn(world, tenantId, 'suspend')).toEqual([expect.stringContaining('which may still send')])
    await expect(followLicence(world.ctxOf({ cloud }), { licenceId })).resolves.toBeUndefined()
  })

  it('is retired and deleted, and told by mail and in the run what is left in his account', async () => {
    const { world, tenantId, until } = await revoked()
    await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
    expect(await until('retained')).toBe('done')
    const left = await leftIn(world, tenantId, 'retire')
    expect(left).toEqual(
      expect.arrayContaining([
        `SES identity ${domainName}`,
        expect.stringContaining('CloudFormation stack convoke-'),
        expect.stringContaining(`Route 53 zone ${domainName}`),
        `ACM certificate *.${domainName}`,
      ]),
    )
    expect(await until('deleted')).toBe('done')
    expect((await leftIn(world, tenantId, 'delete')).join()).toMatch(/DynamoDB table .*S3 bucket /)
    await passDays(world, 1)
    const mails = world.sent.filter(({ to }) => to === 'owner@example.com').map(({ text }) => text)
    for (const one of new Set(left)) expect(mails.join('\n')).toContain(one)
    expect(mails.join('\n')).toContain('S3 bucket')
  })
})
