import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { acceptProposal, declineProposal } from '#tenant-stack/core/proposal/decide-proposal.ts'
import { OFFERED_PER_ATTENDEE_MAX } from '#tenant-stack/core/proposal/proposal.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { asked, counter, proposalsOf } from '#test/harness/tenant/proposed.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

describe('what is kept and not asked', () => {
  it('a proposal for a time that is no more; he gets the one that is', async () => {
    const one = await invited(tenant)
    await one.changed(1, { lines: onDay(8) })
    expect(await one.mailsTo(bob)).toHaveLength(1)
    expect(await one.reply('outlook', counter(6))).toMatchObject({
      kind: 'acted',
      reason: 'proposal_for_an_older_time',
    })
    expect(await proposalsOf(tenant, one.eventId)).toMatchObject([{ state: 'stale' }])
    expect((await asked(tenant, one)).count).toBe(0)
    // Left to the sweep: a change that reaches him meanwhile must not send it too.
    tenant.platform.clock.advance(90)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect((await one.mailsTo(bob)).at(-1)?.subject).toContain('8 Mar 2027')
  })

  it('one that the organizer has overtaken since: the link says so, and nothing happens', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6))
    await one.changed(1, { lines: onDay(8) })
    const { shown, press } = await asked(tenant, one)
    expect(await shown()).toContain('nothing to decide any more')
    expect((await press('accept')).status).toBe(409)
    expect((await press('decline')).status).toBe(409)
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 1 })
  })

  it('the older of two of one attendee', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6, { dtstamp: '20261123T130000Z' }))
    expect(await one.reply('outlook', counter(7, { dtstamp: '20261123T120000Z' }))).toMatchObject({
      reason: 'proposal_older_than_his_last',
    })
    await one.reply('outlook', counter(8, { dtstamp: '20261123T140000Z' }))
    expect((await proposalsOf(tenant, one.eventId)).map(({ state }) => state).toSorted()).toEqual([
      'open',
      'replaced',
      'replaced',
    ])
  })

  it('the very time that it has, and more of them than a person thinks of', async () => {
    const one = await invited(tenant)
    const same = { start: one.facts.start, end: one.facts.end, method: 'COUNTER' } as const
    expect(await one.reply('outlook', same)).toMatchObject({ reason: 'proposal_of_the_same_time' })
    for (let day = 10; day < 10 + OFFERED_PER_ATTENDEE_MAX; day += 1)
      await one.reply('outlook', counter(day, { dtstamp: `20261123T${day}0000Z` }))
    expect(await one.reply('outlook', counter(20, { dtstamp: '20261123T200000Z' }))).toMatchObject({
      reason: 'too_many_proposals',
    })
    expect((await asked(tenant, one)).count).toBe(OFFERED_PER_ATTENDEE_MAX)
    tenant.platform.clock.advance(24 * 3600)
    expect(await one.reply('outlook', counter(21, { dtstamp: '20261123T210000Z' }))).toMatchObject({
      reason: 'proposal_recorded',
    })
  })

  it('one of somebody else’s event, and one with a token of nobody', async () => {
    const one = await invited(tenant)
    const foreign = counter(6, { uid: 'evt_00000000000000000000000000@events.example.net' })
    expect(await one.reply('google', foreign)).toMatchObject({ kind: 'ignored', reason: 'wrong_uid' })
    const raw = replyShapes.google({ ...one.facts, ...counter(6) })
    const to = 'r-00000000000000000000000000@events.example.net'
    expect(await tenant.receive(raw, { to, from: bob })).toMatchObject({ kind: 'ignored', reason: 'unknown_mailbox' })
    expect(await proposalsOf(tenant, one.eventId)).toEqual([])
  })
})

describe('the link', () => {
  it('is known to nobody else: 2,000 forged ones, all answered alike; the attendee’s own token is none', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6))
    const pages = createPages(tenant.ctx)
    const [proposal] = await proposalsOf(tenant, one.eventId)
    const token = one.replyAddress.slice(2, 28)
    const forged = [token, proposal?.proposalId ?? '', 'x', `${(await asked(tenant, one)).path.split('/').at(-1)}0`]
    for (let count = 0; count < 2000; count += 1) forged.push(randomBytes(13).toString('hex'))
    const bodies = new Set<string>()
    for (const one of forged)
      for (const method of ['GET', 'POST']) {
        const response = await pages.request(`/proposal/${one}`, { method })
        expect(response.status).toBe(404)
        bodies.add(await response.text())
      }
    expect(bodies.size).toBe(1)
    expect(await proposalsOf(tenant, one.eventId)).toMatchObject([{ state: 'open' }])
  })
})

describe('at the same moment', () => {
  it('accepted and declined: one of them, and everybody sees which', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6))
    const proposalId = (await proposalsOf(tenant, one.eventId))[0]?.proposalId ?? ''
    const both = await Promise.allSettled([
      acceptProposal(tenant.ctx, { proposalId, by: 'api' }),
      declineProposal(tenant.ctx, { proposalId, by: 'api' }),
      acceptProposal(tenant.ctx, { proposalId, by: 'link' }),
    ])
    await tenant.drain()
    const [{ state } = { state: 'none' }] = await proposalsOf(tenant, one.eventId)
    const { sequence } = await getEvent(tenant.ctx, one.eventId)
    expect([state, sequence]).toEqual(state === 'accepted' ? ['accepted', 1] : ['declined', 0])
    expect(both.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    expect(await one.mailsTo(bob)).toHaveLength(2)
  })

  it('accepted, and the notice of it lost: the sweep moves the event', async () => {
    const one = await invited(tenant)
    await one.reply('outlook', counter(6))
    const proposalId = (await proposalsOf(tenant, one.eventId))[0]?.proposalId ?? ''
    const mute = { ...tenant.ctx, topics: { publish: async () => Promise.reject(new Error('the topic is away')) } }
    await expect(acceptProposal(mute, { proposalId, by: 'api' })).rejects.toThrow('away')
    await tenant.drain()
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 0 })
    tenant.platform.clock.advance(120)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect(await getEvent(tenant.ctx, one.eventId)).toMatchObject({ sequence: 1 })
  })
})
