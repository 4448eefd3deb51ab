import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { readTotals } from '#tenant-stack/core/counters/read-totals.ts'
import { recountEvent } from '#tenant-stack/core/counters/recount-event.ts'
import { recountOwner } from '#tenant-stack/core/counters/recount-owner.ts'
import { closeDays } from '#tenant-stack/core/counters/roll-up.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import type { Fault } from '#test/harness/platform/faults.ts'
import { createSeededRandom } from '#test/harness/platform/seeded-random.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import { organizers, randomHistory } from '#test/harness/tenant/random-history.ts'
import { playStory } from '#test/harness/tenant/story.ts'
import { atEffect } from '#test/harness/tenant/worker.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

const SEEDS = 24
const faults: readonly Fault[] = ['crash_before', 'crash_after', 'after']
const [since, until] = ['2026-11-01', '2027-02-01']

type Numbers = { readonly [name: string]: unknown }

/** Adds numbers by name, at any depth. */
function summed(all: readonly Numbers[]): Numbers {
  const sums: Record<string, unknown> = {}
  for (const one of all)
    for (const [name, value] of Object.entries(one))
      if (typeof value === 'number') sums[name] = Number(sums[name] ?? 0) + value
      else if (typeof value === 'object' && value !== null && !Array.isArray(value))
        sums[name] = summed([...(sums[name] === undefined ? [] : [{ ...Object(sums[name]) }]), { ...value }])
  return sums
}

const byDay = (series: readonly { readonly day: string }[]) => {
  const days = new Map<string, Numbers>()
  for (const { day, ...numbers } of series) days.set(day, summed([days.get(day) ?? {}, numbers]))
  return Object.fromEntries([...days].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Counters that differ from the rows, and totals that differ from the sum of their events: none. */
async function wrongIn(ctx: Ctx): Promise<readonly string[]> {
  const wrong: string[] = []
  const { events } = await listEvents(ctx, { limit: 50 })
  const compare = (what: string, is: unknown, wanted: unknown) => {
    if (JSON.stringify(is) !== JSON.stringify(wanted)) wrong.push(`${what}: ${JSON.stringify([is, wanted])}`)
  }
  for (const { eventId } of events) {
    const { state, differences } = await recountEvent(ctx, { eventId, isRepair: false })
    compare(eventId, [state, differences], ['equal', []])
  }
  for (const organizer of [undefined, ...organizers]) {
    const own = events.filter(({ organizerAddress }) => organizer === undefined || organizerAddress === organizer)
    const statistics = await Promise.all(own.map(({ eventId }) => readStatistics(ctx, eventId)))
    const totals = await readTotals(ctx, { ...(organizer === undefined ? {} : { organizer }), since, until })
    const { attendees, answers, mail, channels, clients, proposals, answered_older_time } = totals
    const is = { attendees, answers, mail, channels, clients, proposals, answered_older_time }
    for (const [name, numbers] of Object.entries(is))
      compare(`${organizer} ${name}`, sorted(numbers), sorted(summed(statistics)[name]))
    compare(`${organizer} series`, byDay(totals.over_time), byDay(statistics.flatMap(({ over_time: days }) => days)))
    const cancelled = own.filter(({ status }) => status === 'cancelled').length
    compare(`${organizer} events`, totals.events, { created: own.length, cancelled })
    const owner = organizer === undefined ? 'domain' : { organizerAddress: organizer }
    const { state, differences } = await recountOwner(ctx, { owner, isRepair: false })
    compare(`${organizer} rolled`, [state, differences], ['equal', []])
  }
  return wrong
}

const sorted = (value: unknown) =>
  typeof value === 'object' && value !== null ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value

it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'counters equal rows, and totals the sum of their events, after history %i with a death in it and a twin beside it',
  async (seed) => {
    const random = createSeededRandom(seed)
    const acts = randomHistory(random, 24)
    const fault = faults[seed % faults.length] ?? 'after'
    const story = await playStory({ reader, acts, plan: atEffect(40 + random.below(160), fault), twinSeed: seed })
    const { ctx } = story.worker
    expect(await wrongIn(ctx)).toEqual([])
    story.platform.clock.advance(2 * 86_400)
    await Promise.all([closeDays(ctx), closeDays(ctx)])
    expect(await wrongIn(ctx)).toEqual([])
    await story.platform.close()
  },
)
