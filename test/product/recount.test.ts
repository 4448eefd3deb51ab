import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { addAnswers, addDay, addTotals } from '#tenant-stack/core/counters/counters.ts'
import { ownerKey } from '#tenant-stack/core/counters/owner.ts'
import { readOwnerCounts } from '#tenant-stack/core/counters/owner-counts.ts'
import { readTotals } from '#tenant-stack/core/counters/read-totals.ts'
import { recountEvent } from '#tenant-stack/core/counters/recount-event.ts'
import { recountOwner } from '#tenant-stack/core/counters/recount-owner.ts'
import { closeDays } from '#tenant-stack/core/counters/roll-up.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { ana, invited } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

const recount = (eventId: string, isRepair = false, { ctx }: Pick<TestTenant, 'ctx'> = tenant) =>
  recountEvent(ctx, { eventId, isRepair })

/** A context whose nth read of rows is preceded by what somebody else does. */
function beforeRows(meanwhile: () => Promise<void>, times = 1) {
  let left = times
  return {
    ctx: {
      ...tenant.ctx,
      table: {
        ...tenant.ctx.table,
        query: async (query: Parameters<typeof tenant.ctx.table.query>[0]) => {
          const page = await tenant.ctx.table.query(query)
          const isRows = query.sk !== undefined && 'beginsWith' in query.sk && query.sk.beginsWith === 'inv#'
          if (isRows && left > 0) {
            left -= 1
            await meanwhile()
          }
          return page
        },
      },
    },
  }
}

describe('an event’s recount', () => {
  it('is equal after an invite, an answer, a new time and an answer to it', async () => {
    const bob = await invited(tenant)
    await bob.reply('google')
    expect(await recount(bob.eventId)).toEqual({ state: 'equal', rows: 1, differences: [] })
    await bob.changed(1, { lines: ['DTSTART:20270306T090000Z'] })
    expect(await bob.answers()).toMatchObject({ accepted: 0, none: 1 })
    expect(await recount(bob.eventId)).toMatchObject({ state: 'equal' })
    await bob.reply('google', { sequence: 1, partstat: 'DECLINED', dtstamp: '20261123T130000Z' })
    expect(await recount(bob.eventId)).toMatchObject({ state: 'equal' })
  })

  it('is equal after an answer from another client, which counts for the one that was used last', async () => {
    const bob = await invited(tenant)
    await bob.reply('google')
    await bob.reply('outlook', { partstat: 'DECLINED', dtstamp: '20261123T130000Z' })
    expect(await recount(bob.eventId)).toMatchObject({ state: 'equal', differences: [] })
    expect(await readStatistics(tenant.ctx, bob.eventId)).toMatchObject({ clients: { outlook: 1 } })
    expect((await readStatistics(tenant.ctx, bob.eventId)).clients).not.toHaveProperty('google')
  })

  it('tells each difference by name, changes nothing without being asked to, and mends whatever was wrong', async () => {
    const { eventId, reply } = await invited(tenant)
    await reply('google')
    const names = ['invited', 'sent', 'delivered', 'channel_api', 'client_google', 'replies'] as const
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names), fc.integer({ min: -3, max: 3 }), { maxKeys: 4 }),
        fc.dictionary(fc.constantFrom('accepted', 'declined'), fc.integer({ min: -3, max: 3 })),
        fc.dictionary(fc.constantFrom('sent', 'invited'), fc.integer({ min: -3, max: 3 })),
        async (totals, answers, days) => {
          const { ctx } = tenant
          const wrong = { ...totals, ...answers }
          await ctx.table.transact([
            addTotals(ctx, eventId, 'x', { nothing: 0, ...totals }),
            addAnswers(ctx, eventId, 0, 'x', { nothing: 0, ...answers }),
            addDay(ctx, eventId, ctx.clock.now(), 'x', { nothing: 0, ...days }),
          ])
          const told = await recount(eventId)
          const expected = Object.entries(wrong).filter(([, count]) => count !== 0)
          const ofTotals = told.differences.filter(({ name }) => !name.startsWith('over_time_'))
          expect(ofTotals.map(({ name, counted, rows }) => [name, counted - rows])).toEqual(
            expected.toSorted(([a], [b]) => (a < b ? -1 : 1)),
          )
          expect(await recount(eventId)).toEqual(told)
          expect((await recount(eventId, true)).state).toBe(told.differences.length === 0 ? 'equal' : 'repaired')
          expect(await recount(eventId)).toMatchObject({ state: 'equal', differences: [] })
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is mended once by twins, and an answer that comes between stays counted', async () => {
    const bob = await invited(tenant)
    const { ctx } = tenant
    await ctx.table.write(addTotals(ctx, bob.eventId, 'x', { invited: 5 }))
    const slow = interrupted(ctx)
    slow.atWrite(writes(`count#${bob.eventId}`), async () => {
      await bob.reply('google')
      expect(await recount(bob.eventId, true)).toMatchObject({ state: 'repaired' })
    })
    expect(await recount(bob.eventId, true, slow)).toMatchObject({ state: 'equal' })
    expect(await recount(bob.eventId)).toMatchObject({ state: 'equal' })
    expect(await bob.answers()).toMatchObject({ accepted: 1, none: 0 })
  })

  it('is made anew when somebody answers while it counts, and given up for now when that does not end', async () => {
    const bob = await invited(tenant)
    const once = beforeRows(async () => void (await bob.reply('google')))
    expect(await recount(bob.eventId, true, once)).toMatchObject({ state: 'equal' })
    let nth = 0
    const always = beforeRows(async () => {
      nth += 1
      await inviteAttendee(tenant.ctx, { eventId: bob.eventId, address: `guest-${nth}@example.org`, channel: 'page' })
    }, 99)
    expect(await recount(bob.eventId, true, always)).toMatchObject({ state: 'busy' })
    expect(await recount(bob.eventId)).toMatchObject({ state: 'equal', rows: 1 + nth })
  })

  it('of more rows than fit one call goes on where it was', async () => {
    const bob = await invited(tenant)
    for (const nth of [1, 2, 3, 4])
      await inviteAttendee(tenant.ctx, { eventId: bob.eventId, address: `guest-${nth}@example.org`, channel: 'page' })
    await tenant.drain()
    const small = {
      ctx: {
        ...tenant.ctx,
        table: {
          ...tenant.ctx.table,
          query: (query: Parameters<typeof tenant.ctx.table.query>[0]) =>
            tenant.ctx.table.query(query.sk === undefined ? query : { ...query, limit: 1 }),
        },
      },
    }
    const calls = [await recountEvent(small.ctx, { eventId: bob.eventId, isRepair: false, pages: 2 })]
    while (calls.at(-1)?.state === 'counting')
      calls.push(await recountEvent(small.ctx, { eventId: bob.eventId, isRepair: false, pages: 2 }))
    expect(calls.map(({ state, rows }) => [state, rows])).toEqual([
      ['counting', 2],
      ['counting', 4],
      ['equal', 5],
    ])
  })
})

describe('totals', () => {
  const since = '2026-11-01'
  const until = '2026-12-31'
  const totals = async () => {
    const { events, attendees, answers, over_time } = await readTotals(tenant.ctx, { organizer: ana, since, until })
    return { events, attendees, accepted: answers.accepted, days: over_time.map(({ day }) => day) }
  }

  it('are those of now before a day is over, after it, and after an answer to an event that was rolled up', async () => {
    const bob = await invited(tenant)
    const first = { events: { created: 1, cancelled: 0 }, attendees: 1, accepted: 0, days: ['2026-11-24'] }
    expect(await totals()).toEqual(first)
    tenant.platform.clock.advance(30 * 3600)
    await closeDays(tenant.ctx)
    expect(await totals()).toEqual(first)
    await bob.reply('google')
    expect(await totals()).toEqual({ ...first, accepted: 1, days: ['2026-11-24', '2026-11-25'] })
    await bob.changed(1, { method: 'CANCEL' })
    expect(await totals()).toMatchObject({ events: { created: 1, cancelled: 1 }, accepted: 1 })
  })

  it.each(['before its events are read', 'after that'])(
    'read while an event is rolled up, %s, are neither twice nor half',
    async (when) => {
      await invited(tenant)
      tenant.platform.clock.advance(30 * 3600)
      let isRolled = false
      const ctx = {
        ...tenant.ctx,
        table: {
          ...tenant.ctx.table,
          query: async (query: Parameters<typeof tenant.ctx.table.query>[0]) => {
            const page = await tenant.ctx.table.query(query)
            const isMoment =
              when === 'after that' ? query.pk === 'count#domain' : query.index === 'gsi1' && page.items.length > 0
            if (isMoment && !isRolled) {
              isRolled = true
              await closeDays(tenant.ctx)
            }
            return page
          },
        },
      }
      const { counts } = await readOwnerCounts(ctx, 'domain', { since, until })
      expect([isRolled, counts.invited]).toEqual([true, 1])
    },
  )

  it('that are wrong are told and mended, whatever is rolled up meanwhile', async () => {
    await invited(tenant)
    tenant.platform.clock.advance(30 * 3600)
    await closeDays(tenant.ctx)
    const { ctx } = tenant
    const owner = { organizerAddress: ana }
    expect(await recountOwner(ctx, { owner, isRepair: false })).toMatchObject({ state: 'equal', rows: 1 })
    await ctx.table.write({ kind: 'update', key: ownerKey(owner), add: { invited: 7 } })
    expect(await recountOwner(ctx, { owner, isRepair: false })).toEqual({
      state: 'different',
      rows: 1,
      differences: [{ name: 'invited', counted: 8, rows: 1 }],
    })
    const slow = interrupted(ctx)
    slow.atWrite(writes('count#organizer#'), async () => {
      expect(await recountOwner(ctx, { owner, isRepair: true })).toMatchObject({ state: 'repaired' })
    })
    expect(await recountOwner(slow.ctx, { owner, isRepair: true })).toMatchObject({ state: 'busy' })
    expect(await recountOwner(ctx, { owner, isRepair: true })).toMatchObject({ state: 'equal' })
    expect(await totals()).toMatchObject({ attendees: 1 })
    expect(await recountOwner(ctx, { owner: 'domain', isRepair: true })).toMatchObject({ state: 'equal' })
  })

  it('get what was counted on a day after that was closed, by a recount that repairs', async () => {
    const { eventId } = await invited(tenant)
    const { ctx } = tenant
    const closed = ctx.clock.now()
    tenant.platform.clock.advance(30 * 3600)
    await closeDays(ctx)
    const late = { ...ctx, clock: { ...ctx.clock, now: () => closed } }
    await inviteAttendee(late, { eventId, address: 'carl@example.org', channel: 'page' })
    expect(await totals()).toMatchObject({ attendees: 1 })
    expect(await recount(eventId, true)).toMatchObject({ state: 'equal' })
    expect(await totals()).toMatchObject({ attendees: 2 })
    expect(await recountOwner(ctx, { owner: 'domain', isRepair: true })).toMatchObject({
      state: 'repaired',
      differences: [{ name: '2026-11-24 invited', counted: 1, rows: 2 }],
    })
    expect(await recountOwner(ctx, { owner: 'domain', isRepair: false })).toMatchObject({ state: 'equal' })
  })
})
