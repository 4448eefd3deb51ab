import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CloudFault, cloudFaultAt, withCloudFaults } from '#test/harness/cloud/cloud-faults.ts'
import { contractFacts } from '#test/harness/cloud/contract-templates.ts'
import { createTestCloud, type TestCloud } from '#test/harness/cloud/simulated-cloud.ts'

const place = { awsAccountId: '111111111111', region: 'eu-central-1' }
const zone = { callerReference: 'r', domainName: 'events.example.com' }

let made: TestCloud
beforeEach(async () => {
  made = await createTestCloud()
  await made.world.openAccount(place)
})
afterEach(() => made.close())

/** Faults at the first call, which makes a zone; whether the zone is there afterwards. */
async function makeZone(fault: CloudFault) {
  const faulty = withCloudFaults(made.cloud, cloudFaultAt(1, fault))
  const failed = await faulty.cloud
    .at(place)
    .hostedZones.create(zone)
    .then(
      () => undefined,
      (error: unknown) => error,
    )
  made.platform.clock.advance(10)
  const isThere = (await made.cloud.at(place).hostedZones.find(zone.domainName)).length === 1
  return { faulty, failed, isThere }
}

describe('a cloud with faults', () => {
  it('without one does what it is asked', async () => {
    expect(await makeZone('none')).toMatchObject({ failed: undefined, isThere: true })
  })

  it('throttled and unclear calls do nothing, or all of it', async () => {
    expect(await makeZone('throttle')).toMatchObject({ failed: { code: 'cloud.throttled' }, isThere: false })
    expect(await makeZone('before')).toMatchObject({ failed: { code: 'cloud.unavailable' }, isThere: false })
    expect(await makeZone('after')).toMatchObject({ failed: { code: 'cloud.unavailable' }, isThere: true })
  })

  for (const [fault, isThere] of [
    ['crash_before', false],
    ['crash_after', true],
  ] as const)
    it(`after ${fault} nothing is answered any more`, async () => {
      const tried = await makeZone(fault)
      expect(tried).toMatchObject({ failed: { message: expect.stringContaining('crash') }, isThere })
      expect(tried.faulty.isCrashed()).toBe(true)
      await expect(tried.faulty.cloud.organizations.listCreations()).rejects.toThrow('crash')
    })

  it('tells every call with its service, place and whether it writes', async () => {
    const { cloud, calls } = withCloudFaults(made.cloud, () => 'none')
    await cloud.at(place).hostedZones.create(zone)
    await cloud.at(place).quotas.read('certificates')
    await cloud.organizations.listCreations()
    expect(calls).toEqual([
      { service: 'route53', verb: 'hostedZones.create', isWrite: true, place, number: 1 },
      { service: 'acm', verb: 'quotas.read', isWrite: false, place, number: 2 },
      { service: 'organizations', verb: 'organizations.listCreations', isWrite: false, number: 3 },
    ])
  })
})

describe('two that use the simulated cloud at once', () => {
  it('make one zone of one reference, and one stack of one change set', async () => {
    const { hostedZones, stacks } = made.cloud.at(place)
    const zones = await Promise.allSettled(Array.from({ length: 5 }, () => hostedZones.create(zone)))
    expect(zones.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    made.publish('u', contractFacts('plain'))
    const changeSet = { stackName: 'convoke-a', changeSetName: 'c' }
    const parameters = { TenantId: `ten_${'0'.repeat(26)}`, DomainName: 'events.example.com' }
    const input = { ...changeSet, type: 'CREATE', templateUrl: 'u', parameters, tags: {}, clientToken: 't' } as const
    const sets = await Promise.allSettled(Array.from({ length: 5 }, () => stacks.createChangeSet(input)))
    expect(sets.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    made.platform.clock.advance(10)
    const execution = { ...changeSet, clientRequestToken: 't' }
    await Promise.all(Array.from({ length: 5 }, () => stacks.executeChangeSet(execution)))
    made.platform.clock.advance(300)
    const seen = await Promise.all(Array.from({ length: 5 }, () => stacks.read('convoke-a')))
    expect(new Set(seen.map((one) => one?.status))).toEqual(new Set(['CREATE_COMPLETE']))
    const { events } = (await stacks.events({ stackName: 'convoke-a' })) ?? {}
    expect(events?.map(({ status }) => status)).toEqual(['CREATE_COMPLETE', 'CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'])
  })

  it('see the same cloud when its process has died', async () => {
    await made.cloud.at(place).hostedZones.create(zone)
    const again = await createTestCloud({ platform: made.platform })
    made.platform.clock.advance(10)
    expect(await again.cloud.at(place).hostedZones.find(zone.domainName)).toHaveLength(1)
    await again.close()
  })
})
