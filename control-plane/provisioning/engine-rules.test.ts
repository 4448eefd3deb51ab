import { afterEach, describe, expect, it } from 'vitest'
import { CloudFailure } from '#control-plane/cloud/failure.ts'
import { type ControlPlaneInMemory, controlPlaneInMemory } from '#test/harness/control/control-plane.ts'
import { stopPlace, stoppedUntil } from './breaker.ts'
import { budgets, spentUntil, takeToken } from './budget.ts'
import { PAUSE_MAX_MILLISECONDS } from './context.ts'
import { decideFollow } from './follow-licence.ts'
import { isLeased, LEASE_MILLISECONDS, leaseStep, released } from './lease.ts'
import { decideDrift } from './look-at-domain.ts'
import { type StepRow, stepKey } from './run.ts'
import { stepWrite } from './run-store.ts'
import { backOff, handlings, troubleOf } from './trouble.ts'

const opened: ControlPlaneInMemory[] = []
afterEach(async () => {
  for (const { platform } of opened.splice(0)) await platform.close()
})
async function open() {
  const plane = await controlPlaneInMemory()
  opened.push(plane)
  const { clock } = plane.platform
  return {
    ctx: { ...plane.ctxOf(), pause: async (milliseconds: number) => clock.set(clock.now() + milliseconds) },
    clock,
  }
}
const place = { awsAccountId: '111111111111', region: 'eu-west-1' }

describe('budgets', () => {
  it('keeps the interval of a service, also between workers, and sleeps no longer than a moment', async () => {
    const { ctx, clock } = await open()
    const times: number[] = []
    for (let at = 0; at < 10; at += 1) {
      await takeToken(ctx, 'route53', place)
      times.push(clock.now())
    }
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(budgets.route53.intervalMilliseconds)
    await takeToken(ctx, 'custom_domain', place)
    const begun = clock.now()
    const error: unknown = await takeToken(ctx, 'custom_domain', place).catch((thrown: unknown) => thrown)
    expect(spentUntil(error)).toBe(begun + 30_000)
    expect(clock.now() - begun).toBeLessThanOrEqual(PAUSE_MAX_MILLISECONDS)
  })

  it('is one for an account where AWS counts so, and one for each region elsewhere', async () => {
    const { ctx, clock } = await open()
    const other = { ...place, region: 'us-east-1' }
    await takeToken(ctx, 'ses', place)
    const begun = clock.now()
    await takeToken(ctx, 'ses', other)
    expect(clock.now()).toBe(begun)
    await takeToken(ctx, 'route53', place)
    await takeToken(ctx, 'route53', other)
    expect(clock.now()).toBe(begun + 200)
  })

  it('gives ten who ask at once ten different moments', async () => {
    const { ctx, clock } = await open()
    const slots: number[] = []
    const one = { ...ctx, pause: async (milliseconds: number) => void slots.push(clock.now() + milliseconds) }
    await Promise.all(Array.from({ length: 10 }, () => takeToken(one, 'route53', place)))
    expect(new Set(slots).size).toBe(9)
  })
})

describe('the lease of a step', () => {
  const step: StepRow = {
    runId: 'run_1',
    tenantId: 'ten_1',
    position: 0,
    name: 'make_zone',
    status: 'todo',
    attempt: 0,
    visits: 0,
    fence: 0,
    whoActs: 'nobody',
  }
  const planned = { request: { callerReference: 'cp#ten_1#1' }, inputHash: 'x' }

  it('is taken by one of two, with the ids of the call in the same write', async () => {
    const { ctx } = await open()
    await ctx.table.write(stepWrite(ctx, step, 'new'))
    const leases = await Promise.all([leaseStep(ctx, step, planned), leaseStep(ctx, step, planned)])
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1)
    expect(await ctx.table.get(stepKey(step))).toMatchObject({ status: 'leased', fence: 1, ...planned })
  })

  it('is not taken by who read the row while it was held, and came when it was finished', async () => {
    const { ctx, clock } = await open()
    await ctx.table.write(stepWrite(ctx, step, 'new'))
    const held = await leaseStep(ctx, step, planned)
    if (held === undefined) throw new Error('nobody else was there')
    // The other one reads now, when the lease has run out; its holder lives on and writes the end first.
    clock.advance(LEASE_MILLISECONDS / 1000)
    await ctx.table.write(stepWrite(ctx, { ...released(held), status: 'done' }, held.fence))
    expect(await leaseStep(ctx, held, planned)).toBeUndefined()
    expect(await ctx.table.get(stepKey(step))).toMatchObject({ status: 'done' })
  })

  it('of a holder who is known to be dead is not waited for', async () => {
    const { ctx, clock } = await open()
    await ctx.table.write(stepWrite(ctx, step, 'new'))
    const held = await leaseStep(ctx, step, planned)
    if (held === undefined) throw new Error('nobody else was there')
    expect(isLeased(held, clock.now(), (workerId) => workerId === 'another')).toBe(true)
    expect(isLeased(held, clock.now(), (workerId) => workerId === ctx.workerId)).toBe(false)
  })

  it('that was lost lets its old holder write nothing', async () => {
    const { ctx, clock } = await open()
    await ctx.table.write(stepWrite(ctx, step, 'new'))
    const held = await leaseStep(ctx, step, planned)
    if (held === undefined) throw new Error('nobody else was there')
    clock.advance(LEASE_MILLISECONDS / 1000)
    expect(isLeased(held, clock.now())).toBe(false)
    await leaseStep(ctx, held, planned)
    await expect(
      ctx.table.write(stepWrite(ctx, { ...released(held), status: 'done' }, held.fence)),
    ).rejects.toMatchObject({ code: 'table.condition_failed' })
  })
})

describe('trouble', () => {
  it('has a way of dealing with every failure of the cloud, by its own row', () => {
    for (const [name, make] of Object.entries(CloudFailure)) {
      const trouble = troubleOf(make('x'))
      expect(trouble.code).toBe(name)
      expect(Object.values(handlings)).toContainEqual(
        expect.objectContaining({ class: trouble.class, next: trouble.next }),
      )
    }
    expect(troubleOf(CloudFailure.denied('x')).next).toBe('place')
    expect(troubleOf(CloudFailure.invalid('x'))).toMatchObject({ next: 'person', whoActs: 'vendor' })
    expect(troubleOf(new TypeError('x'))).toMatchObject({ class: 'unknown', whoActs: 'vendor' })
  })

  it('comes again after a random time under a bound that doubles, up to five minutes', () => {
    expect(backOff(1, () => 1)).toBe(1100)
    expect(backOff(5, () => 1)).toBe(16_100)
    expect(backOff(50, () => 1)).toBe(300_100)
    expect(backOff(50, () => 0)).toBe(100)
  })

  it('stops a place for a quarter of an hour', async () => {
    const { ctx, clock } = await open()
    expect(await stoppedUntil(ctx, place)).toBeUndefined()
    const until = await stopPlace(ctx, place, 'denied')
    expect(await stoppedUntil(ctx, place)).toBe(until)
    expect(await stoppedUntil(ctx, { ...place, region: 'us-east-1' })).toBeUndefined()
    clock.set(until)
    expect(await stoppedUntil(ctx, place)).toBeUndefined()
  })
})

describe('what a licence asks of its tenant', () => {
  const licence = { state: 'active', isAbuseHeld: false } as const
  const tenant = { isAbuseHeld: false } as const

  it('sets up, suspends, resumes, retires', () => {
    expect(decideFollow(licence, { ...tenant, state: 'registered' }, undefined)).toBe('become_paid')
    expect(decideFollow(licence, { ...tenant, state: 'paid' }, undefined)).toBe('provision')
    expect(decideFollow({ ...licence, state: 'grace' }, { ...tenant, state: 'live' }, undefined)).toBe('none')
    expect(decideFollow({ ...licence, state: 'suspended' }, { ...tenant, state: 'live' }, undefined)).toBe('suspend')
    expect(decideFollow({ ...licence, state: 'refunded' }, { ...tenant, state: 'degraded' }, undefined)).toBe('suspend')
    expect(decideFollow({ ...licence, isAbuseHeld: true }, { ...tenant, state: 'live' }, undefined)).toBe('suspend')
    expect(decideFollow(licence, { ...tenant, state: 'suspended' }, undefined)).toBe('resume')
    expect(decideFollow({ ...licence, state: 'expired' }, { ...tenant, state: 'suspended' }, undefined)).toBe('retire')
    expect(decideFollow({ ...licence, state: 'expired' }, { ...tenant, state: 'retained' }, undefined)).toBe('none')
  })

  it('leaves a tenant alone while a run goes on, while it is held, and while its domain is lost', () => {
    const held = { ...licence, state: 'suspended' } as const
    expect(decideFollow(held, { ...tenant, state: 'verifying', runId: 'run_1' }, undefined)).toBe('none')
    // What stops the sending does not wait for what may be stuck.
    expect(decideFollow(held, { ...tenant, state: 'updating', runId: 'run_1' }, undefined)).toBe('suspend')
    expect(decideFollow(licence, { state: 'suspended', isAbuseHeld: true }, undefined)).toBe('none')
    expect(decideFollow(licence, { ...tenant, state: 'suspended' }, { state: 'lost' })).toBe('none')
  })
})

describe('a domain that was verified', () => {
  const DAY = 86_400_000
  it('drifts, is lost after three days, and comes back; what cannot be checked moves nothing', () => {
    const ok = [{ state: 'ok', since: 0 }] as const
    const wrong = [{ state: 'wrong', since: 0 }] as const
    expect(decideDrift({ state: 'verified' }, ok, 0)).toBeUndefined()
    expect(decideDrift({ state: 'verified' }, wrong, 0)).toBe('went_wrong')
    expect(decideDrift({ state: 'drifted' }, wrong, 3 * DAY - 1)).toBeUndefined()
    expect(decideDrift({ state: 'drifted' }, wrong, 3 * DAY)).toBe('given_up')
    expect(decideDrift({ state: 'lost' }, ok, 0)).toBe('came_back')
    expect(decideDrift({ state: 'verified' }, [{ state: 'cannot_check', since: 0 }], 9 * DAY)).toBeUndefined()
    expect(decideDrift({ state: 'drifted' }, [], 9 * DAY)).toBeUndefined()
  })
})
