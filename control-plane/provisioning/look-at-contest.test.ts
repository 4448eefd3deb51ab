import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listAudit } from '#control-plane/core/audit/list-audit.ts'
import { releaseClaim } from '#control-plane/core/domain/claim-registry.ts'
import { keepContest } from '#control-plane/core/domain/contest-keep.ts'
import { contestedUntil, findContest, listContests } from '#control-plane/core/domain/contest-row.ts'
import { findClaim } from '#control-plane/core/domain/domain-claim.ts'
import { findDomain } from '#control-plane/core/domain/domain-store.ts'
import { CONTESTED, type ContestWorld, contestWorld } from '#test/harness/control/contest-world.ts'
import { decideFollow } from './follow-licence.ts'
import { lookAtContest } from './look-at-contest.ts'

const DAY_SECONDS = 24 * 3600
let world: ContestWorld

beforeEach(async () => {
  world = await contestWorld()
})
afterEach(() => world.close())

/** The challenger proves the name and asks for it. */
async function contested(): Promise<void> {
  world.show(await world.ask(world.challenger))
  await world.prove(world.challenger)
  await expect(world.claim(world.challenger)).rejects.toMatchObject({ code: 'tenant.contested', status: 409 })
}

const stateOf = async () => (await findContest(world.ctx(), CONTESTED))?.state

async function shownTo(licenseeId: string): Promise<number> {
  const ctx = { ...world.ctx(), scope: { kind: 'licensee', licenseeId } } as const
  return (await listContests(ctx, { limit: 10 })).contests.length
}

async function actionsOf(licenseeId: string): Promise<readonly string[]> {
  const { rows } = await listAudit(world.ctx(), { licenseeId, limit: 200 })
  return rows.map(({ action }) => action).filter((action) => action.startsWith('contest.'))
}

describe('a contest', () => {
  it('warns the holder, waits a week, then gives the name to whoever proved it; the loser sends nothing and keeps his data', async () => {
    await contested()
    await world.work()
    const tenant = await world.tenant()
    const until = await contestedUntil(world.ctx(), tenant)
    expect(until).toBe(world.plane.platform.clock.now() + 7 * DAY_SECONDS * 1000)
    expect(await world.mails()).toEqual([
      'pay@example.com: Is b.example.com still yours? Show it before 2026-03-09 09:00 UTC',
      'pay@example.org: You contest b.example.com',
    ])
    await world.days(6.75)
    expect([await stateOf(), (await findClaim(world.ctx(), CONTESTED))?.licenseeId]).toEqual(['open', world.holder])
    await world.days(0.25)
    expect(await stateOf()).toBe('won')
    expect(await findClaim(world.ctx(), CONTESTED)).toBeUndefined()
    const lost = await findDomain(world.ctx(), world.tenantId)
    const after = await world.tenant()
    expect([lost?.state, after.state, after.stackName, after.runId]).toEqual([
      'lost',
      'suspending',
      'convoke',
      expect.stringMatching(/^run_/),
    ])
    // Nothing brings it back while the domain is lost, though its licence works.
    const licence = { state: 'active', isAbuseHeld: false } as const
    const settled = { state: 'suspended', isAbuseHeld: false } as const
    expect(decideFollow(licence, settled, lost)).toBe('none')
    expect(await actionsOf(world.holder)).toEqual(['contest.won', 'contest.warned'])
    expect(await actionsOf(world.challenger)).toEqual(['contest.won', 'contest.warned', 'contest.opened'])
    expect((await world.mails()).slice(1, 3)).toEqual([
      'pay@example.com: b.example.com is not yours here any more',
      'pay@example.org: You contest b.example.com',
    ])
    await expect(world.claim(world.holder)).rejects.toMatchObject({ code: 'tenant.proof_needed' })
    const { claim } = await world.claim(world.challenger)
    expect(claim.licenseeId).toBe(world.challenger)
  })

  it('is kept by its holder, who proves the name anew; the challenger’s old token opens no other', async () => {
    const old = await world.ask(world.holder)
    world.plane.platform.clock.advance(60)
    await contested()
    await world.work()
    world.show(old)
    await world.days(1)
    expect(await stateOf()).toBe('open')
    const proof = await keepContest(world.ctx(), { licenseeId: world.holder, domainName: CONTESTED })
    expect(proof.token).not.toBe(old.token)
    world.show(proof)
    await world.prove(world.holder)
    await world.work()
    expect(await stateOf()).toBe('kept')
    expect((await findClaim(world.ctx(), CONTESTED))?.tenantId).toBe(world.tenantId)
    expect((await world.tenant()).state).toBe('live')
    expect(await contestedUntil(world.ctx(), await world.tenant())).toBeUndefined()
    await expect(world.prove(world.challenger)).rejects.toMatchObject({ code: 'claim.token_expired' })
    await expect(world.claim(world.challenger)).rejects.toMatchObject({ code: 'tenant.proof_needed' })
    expect(await world.mails()).toEqual(
      expect.arrayContaining([
        'pay@example.com: b.example.com stays yours',
        'pay@example.org: b.example.com stays with whoever holds it',
      ]),
    )
  })

  it('is found by the daily look alone when the holder has entered his record and told nobody', async () => {
    await contested()
    await world.work()
    world.show(await keepContest(world.ctx(), { licenseeId: world.holder, domainName: CONTESTED }))
    await world.days(0.25)
    expect(await stateOf()).toBe('kept')
  })

  it('is dropped when the challenger takes his record away, not for one look that fails', async () => {
    await contested()
    await world.days(1)
    world.dns.silence(true)
    await world.days(0.75)
    world.dns.silence(false)
    await world.days(0.25)
    expect(await stateOf()).toBe('open')
    world.dns.remove(`_convoke-claim.${CONTESTED}`)
    await world.days(1.25)
    expect(await stateOf()).toBe('dropped')
    await world.days(10)
    expect((await findClaim(world.ctx(), CONTESTED))?.tenantId).toBe(world.tenantId)
    expect((await world.tenant()).state).toBe('live')
  })

  it('takes no name on a proof of yesterday: the record has to be there at the end', async () => {
    await contested()
    await world.days(6.75)
    world.dns.silence(true)
    await world.days(0.5)
    expect(await stateOf()).toBe('open')
    world.dns.silence(false)
    await world.days(0.25)
    expect(await stateOf()).toBe('won')
  })

  it('runs a whole week from the warning, however late that comes', async () => {
    await contested()
    world.plane.platform.clock.advance(5 * DAY_SECONDS)
    await world.prove(world.challenger)
    await world.days(7)
    expect(await stateOf()).toBe('open')
    await world.days(0.5)
    expect(await stateOf()).toBe('won')
  })

  it('is moot when the holder’s tenant has not the name any more', async () => {
    await contested()
    await world.work()
    const { ctx, tenantId } = world
    await ctx().table.transact(await releaseClaim(ctx(), { domainName: CONTESTED, tenantId }))
    await world.days(0.25)
    expect(await stateOf()).toBe('moot')
    await world.claim(world.challenger)
    await world.days(8)
    expect((await findClaim(ctx(), CONTESTED))?.licenseeId).toBe(world.challenger)
  })

  it('is one at a time, asked twice the same, and shown to the holder and the vendor alone', async () => {
    await contested()
    const before = await findContest(world.ctx(), CONTESTED)
    await expect(world.claim(world.challenger)).rejects.toMatchObject({ code: 'tenant.contested' })
    expect(await findContest(world.ctx(), CONTESTED)).toEqual(before)
    const { contests } = await listContests(world.ctx(), { limit: 10 })
    expect(contests).toEqual([before])
    expect([await shownTo(world.holder), await shownTo(world.challenger)]).toEqual([1, 0])
    await expect(
      keepContest(world.ctx(), { licenseeId: world.challenger, domainName: CONTESTED }),
    ).rejects.toMatchObject({ code: 'contest.not_found' })
  })

  it('can be begun by the loser in turn, with a new proof, and is then the new holder’s to see', async () => {
    await contested()
    await world.days(7.25)
    await world.claim(world.challenger)
    world.show(await world.ask(world.holder))
    await world.prove(world.holder)
    await expect(world.claim(world.holder)).rejects.toMatchObject({ code: 'tenant.contested' })
    expect(await findContest(world.ctx(), CONTESTED)).toMatchObject({
      state: 'open',
      owner: { licenseeId: world.challenger },
      challenger: { licenseeId: world.holder },
    })
    expect([await shownTo(world.holder), await shownTo(world.challenger)]).toEqual([0, 1])
  })

  it('goes on once beside its twin, and not at all for a late message', async () => {
    await contested()
    const look = () => lookAtContest(world.ctx(), { domainName: CONTESTED })
    await Promise.all([look(), look(), look()])
    await world.work()
    expect(await actionsOf(world.holder)).toEqual(['contest.warned'])
    expect(await world.mails()).toHaveLength(2)
    await world.days(7.5)
    const over = await findContest(world.ctx(), CONTESTED)
    await Promise.all([look(), look()])
    expect(await findContest(world.ctx(), CONTESTED)).toEqual(over)
  })
})
