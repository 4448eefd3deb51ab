import { expect, it } from 'vitest'
import { listAudit } from '#control-plane/core/audit/list-audit.ts'
import { readClaimRegistry } from '#control-plane/core/domain/claim-registry.ts'
import { keepContest } from '#control-plane/core/domain/contest-keep.ts'
import { findContest } from '#control-plane/core/domain/contest-row.ts'
import { findClaim } from '#control-plane/core/domain/domain-claim.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { CONTESTED, type ContestWorld, contestWorld } from '#test/harness/control/contest-world.ts'
import { openLocalDns, ourServers } from '#test/harness/dns/local-dns.ts'
import type { Ports } from '#test/harness/platform/around-ports.ts'
import { type PortCall, withFaults } from '#test/harness/platform/faults.ts'

const CHANGES = ['write', 'transact', 'send']

/** The challenger asks until he is answered. */
async function contestIt(world: ContestWorld, ports: Ports): Promise<void> {
  const code = (error: unknown) => (isFailure(error) ? error.code : 'died')
  const first = await world.claim(world.challenger, ports).then(() => 'claimed', code)
  if (first === 'died') await world.claim(world.challenger).catch(code)
}

/** What is left at the end, without times and ids that differ by the number of tries. */
async function outcomeOf(world: ContestWorld) {
  const ctx = world.ctx()
  const [contest, claim, domain, tenant, registry] = await Promise.all([
    findContest(ctx, CONTESTED),
    findClaim(ctx, CONTESTED),
    findDomain(ctx, world.tenantId),
    world.tenant(),
    readClaimRegistry(ctx, 'example.com'),
  ])
  const audit = await Promise.all(
    [world.holder, world.challenger].map(async (licenseeId) =>
      (await listAudit(ctx, { licenseeId, limit: 200 })).rows.map(({ action }) => action),
    ),
  )
  return {
    contest: contest?.state,
    claim,
    domain: domain?.state,
    tenant: tenant.state,
    reserved: registry.reservations.map(({ licenseeId }) => licenseeId),
    claims: registry.claims,
    audit: audit.map((actions) => actions.toSorted()),
    // A warning that came later names a later day.
    mails: (await world.mails()).map((mail) => mail.replace(/ before .*$/, '')),
  }
}

async function walk(crashAt: number) {
  const world = await contestWorld()
  try {
    let changes = 0
    const plan = ({ verb }: PortCall) => (CHANGES.includes(verb) && ++changes === crashAt ? 'crash_after' : 'none')
    const ports = withFaults(world.plane.platform, plan)
    world.show(await world.ask(world.challenger))
    await world.prove(world.challenger)
    await contestIt(world, ports)
    await world.work(ports)
    await world.days(10, { ports, looksADay: 1 })
    return { isCrashed: ports.isCrashed(), outcome: await outcomeOf(world) }
  } finally {
    await world.close()
  }
}

it('a contest comes to the same end, and says the same once, wherever its worker is killed', async () => {
  const { outcome: expected } = await walk(Number.POSITIVE_INFINITY)
  expect(expected).toMatchObject({ contest: 'won', domain: 'lost', tenant: 'suspending', claims: [] })
  expect(expected.claim).toBeUndefined()
  expect(expected.mails).toHaveLength(4)
  let crashAt = 1
  for (; ; crashAt += 1) {
    const { isCrashed, outcome } = await walk(crashAt)
    expect([crashAt, outcome]).toEqual([crashAt, expected])
    if (!isCrashed) break
  }
  expect(crashAt).toBeGreaterThan(25)
}, 60_000)

it('whoever has delegated the name to us keeps it by delegating it again: no record of his can be in our zone', async () => {
  const local = await openLocalDns()
  const world = await contestWorld({ dnsMode: 'delegated', dns: local.dns, nameServers: ourServers })
  try {
    const proof = await world.ask(world.challenger)
    await local.enter(`_convoke-claim.${CONTESTED}`, 'TXT', `convoke-claim=${proof.token}`)
    await world.prove(world.challenger)
    await expect(world.claim(world.challenger)).rejects.toMatchObject({ code: 'tenant.contested' })
    await world.work()
    await keepContest(world.ctx(), { licenseeId: world.holder, domainName: CONTESTED })
    await world.days(0.5)
    expect((await findContest(world.ctx(), CONTESTED))?.state).toBe('open')
    local.host({ domainName: CONTESTED })
    for (const server of ourServers) await local.enter(CONTESTED, 'NS', server)
    await world.days(0.25)
    expect((await findContest(world.ctx(), CONTESTED))?.state).toBe('kept')
  } finally {
    await world.close()
    await local.close()
  }
})
