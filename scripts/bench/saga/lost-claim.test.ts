import { afterEach, expect, it } from 'vitest'
import { readClaimRegistry, releaseClaim } from '#control-plane/core/domain/claim-registry.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { getTenant } from '#control-plane/core/tenant/tenant-store.ts'
import { readRun } from '#control-plane/provisioning/read-run.ts'
import { retireTenant } from '#control-plane/provisioning/retire-tenant.ts'
import { drive, handle } from './drive.ts'
import { createLicensee, payFor } from './tenant-life.ts'
import { createWorld, type World } from './world.ts'

const domainName = 'invites.example.com'
const opened: World[] = []
afterEach(async () => {
  for (const world of opened.splice(0)) await world.close()
})

async function paid(dnsMode: 'delegated' | 'manual') {
  const world = await createWorld()
  opened.push(world)
  const { tenantId } = await payFor(world, { domainName, dnsMode })
  const reach = (isThere: (state: string) => boolean, daysMax: number, isAlone = false) =>
    drive(world, {
      handle: (told) => handle(world.ctxOf(), told),
      ...(isAlone ? {} : { person: createLicensee(world, tenantId) }),
      isDone: async () => isThere((await getTenant(world.ctxOf(), tenantId)).state),
      daysMax,
    })
  /** As a contest that is won by another does. */
  const loseClaim = async () => world.table.transact(await releaseClaim(world.ctxOf(), { domainName, tenantId }))
  return { world, tenantId, reach, loseClaim }
}

it('a name that is lost while it is set up does not go live, and a person is told', async () => {
  const { world, tenantId, reach, loseClaim } = await paid('delegated')
  expect(await reach((state) => state === 'awaiting_dns', 5, true)).toBe('done')
  await loseClaim()
  expect(await reach((state) => state === 'live', 10)).toBe('stuck')
  const { runId = '' } = await getTenant(world.ctxOf(), tenantId)
  const run = await readRun(world.ctxOf(), { tenantId, runId })
  expect(run.steps.find(({ status }) => status === 'failed')).toMatchObject({
    error: { code: 'claim_lost' },
  })
})

it('nor does one whose records the licensee enters himself: the token of its claim is nobody’s any more', async () => {
  const { reach, loseClaim } = await paid('manual')
  expect(await reach((state) => state === 'awaiting_dns', 5, true)).toBe('done')
  await loseClaim()
  expect(await reach((state) => state === 'live', 10)).toBe('stuck')
})

it('a live name that is lost is suspended at the next look, whatever DNS says, and comes back by nothing', async () => {
  const { world, tenantId, reach, loseClaim } = await paid('delegated')
  expect(await reach((state) => state === 'live', 10)).toBe('done')
  await loseClaim()
  expect(await reach((state) => state === 'suspended', 3)).toBe('done')
  expect((await findDomain(world.ctxOf(), tenantId))?.state).toBe('lost')
  expect(await reach((state) => state === 'live', 20)).toBe('stuck')
})

it('a retired tenant gives its name back, also in the list of names', async () => {
  const { world, tenantId, reach } = await paid('delegated')
  expect(await reach((state) => state === 'live', 10)).toBe('done')
  expect((await readClaimRegistry(world.ctxOf(), 'example.com')).claims).toHaveLength(1)
  await retireTenant(world.ctxOf(), { tenantId, reason: 'moved away' })
  expect(await reach((state) => state === 'retained', 20)).toBe('done')
  expect((await readClaimRegistry(world.ctxOf(), 'example.com')).claims).toEqual([])
})
