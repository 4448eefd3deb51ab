import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CalendarEvent, eventKey } from '#tenant-stack/core/calendar-event/calendar-event.ts'
import { ENDLESS_MS, indexOperations } from '#tenant-stack/core/calendar-event/event-index.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { type EventFilter, listIndex } from '#tenant-stack/core/calendar-event/list-index.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { ana, invited, onDay } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
let pattern: CalendarEvent
beforeAll(async () => {
  tenant = await createTestTenant()
  const { eventId } = await invited(tenant, 'pattern@example.com')
  const found = (await listEvents(tenant.ctx, { limit: 1 })).events[0]
  if (found?.eventId !== eventId) throw new Error('the event is not listed')
  pattern = found
})
afterAll(() => tenant.close())

const HOUR = 3_600_000

/** Makes events as rows, quickly; whose and when is told by the numbers. */
async function make(fresh: TestTenant, facts: { readonly hour: number; readonly start: number; readonly who: number }) {
  const { ctx } = fresh
  const calendarEvent: CalendarEvent = {
    ...pattern,
    eventId: ctx.ids.newId('evt'),
    organizerAddress: `organizer-${facts.who}@example.com`,
    createdAt: ctx.clock.now() - facts.hour * HOUR,
    lastStartsAt: facts.start > 900 ? ENDLESS_MS : ctx.clock.now() + facts.start * HOUR,
    status: facts.start % 3 === 0 ? 'cancelled' : 'confirmed',
  }
  const item = { ...eventKey(calendarEvent.eventId), ...JSON.parse(JSON.stringify(calendarEvent)) }
  await ctx.table.transact([{ kind: 'put', item }, ...indexOperations(undefined, calendarEvent)])
  return calendarEvent
}

const facts = fc.record({
  hour: fc.integer({ min: 0, max: 3000 }),
  start: fc.integer({ min: -900, max: 950 }),
  who: fc.integer({ min: 0, max: 2 }),
})
const sorts = ['created', '-created', 'start', '-start'] as const
/** More pages than any list here has: one that does not go on would never end. */
const PAGES_MAX = 60

const filter = fc.record(
  {
    status: fc.constantFrom('confirmed', 'cancelled'),
    time: fc.constantFrom('past', 'future'),
    sinceHour: fc.integer({ min: 0, max: 3000 }),
    who: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: [] },
)

/** What a list should hold, worked out from all events at once. */
function expectedOf(all: readonly CalendarEvent[], { sort, ...wanted }: EventFilter, now: number): readonly string[] {
  const by = (one: CalendarEvent) => (sort?.endsWith('start') ? (one.lastStartsAt ?? 0) : one.createdAt)
  const matching = all.filter(
    (one) =>
      (wanted.status === undefined || one.status === wanted.status) &&
      (wanted.organizerAddress === undefined || one.organizerAddress === wanted.organizerAddress) &&
      (wanted.createdSince === undefined || one.createdAt >= wanted.createdSince) &&
      (wanted.time === undefined || (wanted.time === 'past') === (one.lastStartsAt ?? 0) <= now),
  )
  const ascending = matching.toSorted((a, b) => by(a) - by(b) || (a.eventId < b.eventId ? -1 : 1))
  return (sort?.startsWith('-') ? ascending.toReversed() : ascending).map(({ eventId }) => eventId)
}

describe('a list of events', () => {
  it('is, page by page, what its filters say in the order asked, and loses and repeats nothing while others are made', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(facts, { maxLength: 25 }),
        fc.array(facts, { maxLength: 4 }),
        filter,
        fc.integer({ min: 1, max: 7 }),
        async (before, meanwhile, { who, sinceHour, ...rest }, limit) => {
          for (const sort of sorts) {
            const fresh = await createTestTenant({ reader: tenant.ctx.reader })
            const { ctx } = fresh
            const all: CalendarEvent[] = []
            for (const one of before) all.push(await make(fresh, one))
            const asked: EventFilter = {
              ...rest,
              sort,
              ...(who === undefined ? {} : { organizerAddress: `organizer-${who}@example.com` }),
              ...(sinceHour === undefined ? {} : { createdSince: ctx.clock.now() - sinceHour * HOUR }),
            }
            const late = [...meanwhile]
            const lateIds = new Set<string>()
            const listed: string[] = []
            let after: string | undefined
            for (let pages = 0; pages === 0 || after !== undefined; pages += 1) {
              expect(pages).toBeLessThan(PAGES_MAX)
              const page = await listEvents(ctx, { ...asked, limit, after })
              expect(page.events.length).toBeLessThanOrEqual(limit)
              listed.push(...page.events.map(({ eventId }) => eventId))
              after = page.next
              const made = late.pop()
              if (made !== undefined) lateIds.add((await make(fresh, made)).eventId)
            }
            expect(new Set(listed).size).toBe(listed.length)
            expect(listed.filter((eventId) => !lateIds.has(eventId))).toEqual(expectedOf(all, asked, ctx.clock.now()))
            await fresh.close()
          }
        },
      ),
      { numRuns: 120 },
    )
  })

  it('looks at some thousand rows in one call, however few of them the filter takes, and goes on from there', async () => {
    const fresh = await createTestTenant({ reader: tenant.ctx.reader })
    const { ctx } = fresh
    const rows = Array.from({ length: 2500 }, (_, nth) => ({
      pk: 'events-by-start',
      sk: `${String(nth).padStart(15, '0')}#evt_${String(nth).padStart(26, '0')}`,
      eventId: `evt_${String(nth).padStart(26, '0')}`,
      organizerAddress: ana,
      status: nth === 2400 ? 'cancelled' : 'confirmed',
      createdAt: 1,
      lastStartsAt: nth,
    }))
    await ctx.table.putMany(rows)
    const first = await listIndex(ctx, { sort: 'start', status: 'cancelled', limit: 5 })
    expect([first.rows, first.next]).toEqual([[], rows[1999]?.sk])
    const second = await listIndex(ctx, { sort: 'start', status: 'cancelled', limit: 5, after: first.next })
    expect([second.rows.map(({ lastStartsAt }) => lastStartsAt), second.next]).toEqual([[2400], undefined])
    await fresh.close()
  })
})

describe('an event in lists', () => {
  const places = async (filters: EventFilter = {}) =>
    (await listEvents(tenant.ctx, { limit: 50, sort: 'start', ...filters })).events.map(({ clientUid }) => clientUid)

  it('moves with its time, once, is found by its status, and a series by its last date', async () => {
    const moving = await invited(tenant, 'moving@example.com', 'carl@example.org', onDay(3))
    const weekly = [...onDay(1), 'RRULE:FREQ=WEEKLY;COUNT=3']
    await tenant.receive(organizerMail({ uid: 'weekly@example.com', lines: weekly }), { from: ana })
    const endless = [...onDay(1), 'RRULE:FREQ=YEARLY']
    await tenant.receive(organizerMail({ uid: 'endless@example.com', lines: endless }), { from: ana })
    const [pattern5, weekly15] = ['pattern@example.com', 'weekly@example.com']
    expect(await places()).toEqual(['moving@example.com', pattern5, weekly15, 'endless@example.com'])
    await moving.changed(1, { lines: onDay(9) })
    expect(await places()).toEqual([pattern5, 'moving@example.com', weekly15, 'endless@example.com'])
    await moving.changed(2, { method: 'CANCEL', lines: onDay(9) })
    expect(await places({ status: 'cancelled', organizerAddress: ana })).toEqual(['moving@example.com'])
    tenant.platform.clock.set(Date.UTC(2027, 2, 12))
    expect(await places({ time: 'past' })).toEqual([pattern5, 'moving@example.com'])
    expect(await places({ time: 'future' })).toEqual([weekly15, 'endless@example.com'])
  })
})
