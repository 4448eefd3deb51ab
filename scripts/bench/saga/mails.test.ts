import { afterEach, expect, it } from 'vitest'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { liftSuspension, suspendLicence } from '#control-plane/core/licence/suspend-licence.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { payFor } from './tenant-life.ts'
import { passDays, reach } from './walk.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'
import { nsRecords } from './world-dns.ts'

const NAME = 'invites.example.com'

let world: World
afterEach(() => world.close())

async function paid(options: WorldOptions & { readonly dnsMode?: 'delegated' | 'manual' } = {}) {
  const { dnsMode = 'delegated', ...rest } = options
  world = await createWorld(rest)
  return payFor(world, { domainName: NAME, dnsMode })
}

const told = () => world.sent.map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`)

it('a licensee is told of his turn, that it is live, that it was stopped and goes on, and of its end', async () => {
  const { tenantId, licenceId } = await paid()
  await reach(world, { tenantId, state: 'live' })
  const [turn] = world.sent
  const { nameServers } = (await findDomain(world.ctxOf(), tenantId)) ?? { nameServers: [] }
  expect(nameServers).toHaveLength(4)
  for (const server of nameServers) expect(turn?.text).toContain(`NS of ${NAME}: ${server}`)
  expect(turn?.text).toContain(`http://localhost/licences/${licenceId}`)
  const vendor = world.ctxOf({ actor: { type: 'vendor', id: 'usr_vendor', role: 'vendor_admin' } })
  await suspendLicence(vendor, { licenceId, reason: 'abuse' })
  await reach(world, { tenantId, state: 'suspended' })
  await liftSuspension(vendor, { licenceId, reason: 'a mistake' })
  await reach(world, { tenantId, state: 'live' })
  await retireTenant(world.ctxOf(), { tenantId, reason: 'enough' })
  await reach(world, { tenantId, state: 'deleted' })
  await passDays(world, 1)
  expect(told()).toEqual([
    `owner: ${NAME}: the next step is yours`,
    `owner: ${NAME} is live`,
    `owner: Nothing is sent from ${NAME} any more for now`,
    `owner: ${NAME} works again`,
    `owner: ${NAME}: the next step is yours`,
    `owner: ${NAME} is taken down`,
    `owner: The data of ${NAME} is deleted`,
  ])
})

it('who enters records by hand is mailed each of them', async () => {
  const { tenantId } = await paid({ dnsMode: 'manual' })
  await reach(world, { tenantId, state: 'live', isAlone: true, daysMax: 0.5 })
  const [turn] = world.sent
  const domain = await findDomain(world.ctxOf(), tenantId)
  const wanted = domain?.records.filter(({ whoActs }) => whoActs === 'licensee') ?? []
  expect(wanted.length).toBeGreaterThan(5)
  for (const { name, type, expected } of wanted)
    expect(turn?.text).toContain(`${type} of ${name}: ${expected[0] ?? ''}`)
})

it('who does nothing is reminded less and less often, asked after a month, and then left in peace', async () => {
  const { tenantId } = await paid()
  await passDays(world, 120)
  expect(told()).toEqual([
    `owner: ${NAME}: the next step is yours`,
    ...Array.from({ length: 4 }, () => `owner: ${NAME} still waits for you`),
    `owner: Do you still want ${NAME}?`,
  ])
  expect((await getTenant(world.ctxOf(), tenantId)).state).toBe('awaiting_dns')
})

it('whose DNS changes is told what was there before, that it is lost, and when it is back', async () => {
  const { tenantId } = await paid()
  await reach(world, { tenantId, state: 'live' })
  world.dns.removeNs(NAME)
  await reach(world, { tenantId, state: 'suspended', isAlone: true, daysMax: 8 })
  const { nameServers } = (await findDomain(world.ctxOf(), tenantId)) ?? { nameServers: [] }
  world.dns.enter(nsRecords(NAME, nameServers))
  await reach(world, { tenantId, state: 'live', isAlone: true })
  await passDays(world, 1)
  expect(told().slice(2)).toEqual([
    `owner: The DNS of ${NAME} has changed`,
    `owner: ${NAME} does not point at us any more`,
    `owner: The DNS of ${NAME} is as it should be again`,
    `owner: ${NAME} works again`,
  ])
  const changed = world.sent.find(({ subject }) => subject.includes('has changed'))
  expect(changed?.text).toContain(nameServers[0])
})

it('the vendor is told at once of a step that failed, with what to do, and once', async () => {
  const { tenantId } = await paid({ stackFails: () => 'The role is not there.' })
  await passDays(world, 3)
  const mine = world.sent.filter(({ to }) => to === 'vendor@example.com')
  expect(mine).toHaveLength(1)
  expect(mine[0]?.subject).toContain(NAME)
  expect(mine[0]?.text).toContain(`npm run convoke -- tenant retry ${tenantId}`)
})
