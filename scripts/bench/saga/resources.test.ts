import { afterEach, expect, it } from 'vitest'
import { aroundCloud } from '#control-plane/cloud/around-cloud.ts'
import type { Certificate } from '#control-plane/cloud/certificates.ts'
import type { Cloud } from '#control-plane/cloud/cloud.ts'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { lookAtDomain } from '#control-plane/provisioning/look-at-domain.ts'
import { payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
let world: World
let tenantId = ''
afterEach(() => world.close())

async function live(): Promise<void> {
  world = await createWorld()
  tenantId = (await payFor(world, { domainName })).tenantId
  expect(await reach(world, { tenantId, state: 'live' })).toBe('done')
}

const told = () =>
  world.sent.filter(({ subject }) => subject.includes('is not as it was made')).map(({ subject }) => subject)
/** What was planned to be mailed leaves within minutes. */
const passMails = () => passDays(world, 0.02)
const standing = async (key: string) =>
  (await findDomain(world.ctxOf(), tenantId))?.resources?.find((resource) => resource.key === key)

it('what is as it was made is said to be so, each day, and nobody is mailed', async () => {
  await live()
  await passDays(world, 3)
  const { resources = [] } = (await findDomain(world.ctxOf(), tenantId)) ?? {}
  expect(resources.map(({ key, state }) => `${key} ${state}`)).toEqual([
    'role ok',
    'identity ok',
    'zone ok',
    'certificate ok',
  ])
  expect(world.clock.now() - (resources[0]?.observedAt ?? 0)).toBeLessThan(36 * 3600_000)
  expect(told()).toEqual([])
})

it('an identity that is gone is told to the vendor at the second look, once, and is right again when it is back', async () => {
  await live()
  await passDays(world, 2)
  let isGone = true
  const cloud: Cloud = {
    ...world.cloud,
    at: (place) => {
      const of = world.cloud.at(place)
      const read = async (name: string) => (isGone ? undefined : of.emailIdentities.read(name))
      return { ...of, emailIdentities: { ...of.emailIdentities, read } }
    },
  }
  const lookAfter = async (hours: number) => {
    world.clock.set(world.clock.now() + hours * 3600_000)
    await lookAtDomain(world.ctxOf({ cloud }), { tenantId })
  }
  await lookAfter(21)
  expect(await standing('identity')).toMatchObject({ state: 'ok', misses: 1, found: 'gone' })
  await lookAfter(1)
  expect(await standing('identity')).toMatchObject({ state: 'wrong', misses: 2, found: 'gone' })
  await lookAfter(21)
  await passMails()
  expect(told()).toEqual([`${domainName}: its mail identity is not as it was made`])
  isGone = false
  await lookAfter(21)
  expect(await standing('identity')).toMatchObject({ state: 'ok', misses: 0 })
  await passMails()
  expect(told()).toHaveLength(1)
})

it('a certificate that AWS does not renew is told in time, a look that cannot be made tells nothing', async () => {
  await live()
  let certificate: (given: Certificate) => Certificate = () => {
    throw new Error('not reached')
  }
  const cloud: Cloud = {
    ...world.cloud,
    at: (place) => {
      const of = world.cloud.at(place)
      const describe = async (arn: string) => {
        const given = await of.certificates.describe(arn)
        return given === undefined ? undefined : certificate(given)
      }
      return { ...of, certificates: { ...of.certificates, describe } }
    },
  }
  const look = async () => {
    world.clock.set(world.clock.now() + 21 * 3600_000)
    await lookAtDomain(world.ctxOf({ cloud }), { tenantId })
  }
  certificate = (given) => ({ ...given, expiresAt: world.clock.now() + 20 * 86_400_000 })
  await look()
  await look()
  expect((await standing('certificate'))?.found).toMatch(/^not renewed, ends \d{4}-\d\d-\d\d$/)
  const silent = aroundCloud(world.cloud, async (call, act) => {
    if (call.verb === 'certificates.describe') throw CloudFailure.throttled('slow down')
    return act()
  })
  world.clock.set(world.clock.now() + 21 * 3600_000)
  await lookAtDomain(world.ctxOf({ cloud: silent }), { tenantId })
  expect(await standing('certificate')).toMatchObject({ state: 'wrong' })
  expect((await getTenant(world.ctxOf(), tenantId)).state).toBe('live')
})
