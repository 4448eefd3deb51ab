import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Demand, lanesOf, WINDOW_MS, windowAt } from './slots.ts'

const window = windowAt(Date.UTC(2026, 10, 26, 9))

function slotsOf(perSecond: number, demands: readonly Demand[], at = window) {
  return lanesOf(at, perSecond, demands)
    .flatMap(({ kind, owner, moments }) => moments.map((moment) => ({ kind, owner, moment })))
    .toSorted((a, b) => a.moment - b.moment)
}

const demands = fc.uniqueArray(
  fc.record({ owner: fc.stringMatching(/^ten_[a-z]{4}$/), wanted: fc.integer({ min: 0, max: 6000 }) }),
  { maxLength: 30, selector: ({ owner }) => owner },
)

describe('the slots of a window', () => {
  it('are as many as the rate in every second, each once, whoever wants them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), demands, fc.nat(1000), (perSecond, wanted, later) => {
        const at = window + later
        const slots = slotsOf(perSecond, wanted, at)
        const bySecond = Map.groupBy(slots, ({ moment }) => Math.floor(moment / 1000))
        expect([...bySecond.values()].map(({ length }) => length)).toEqual(Array(WINDOW_MS / 1000).fill(perSecond))
        expect(new Set(slots.map(({ moment }) => moment)).size).toBe(slots.length)
      }),
      { numRuns: 100 },
    )
  })

  it('go to nobody beyond what he wanted, and to those who want more than their share in equal parts', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), demands, (perSecond, wanted) => {
        const counts = new Map(wanted.map(({ owner }) => [owner, 0]))
        for (const { owner } of slotsOf(perSecond, wanted))
          if (owner !== '') counts.set(owner, (counts.get(owner) ?? 0) + 1)
        const hungry = wanted.flatMap(({ owner, wanted: most }) => {
          const has = counts.get(owner) ?? 0
          expect(has).toBeLessThanOrEqual(most)
          return has < most ? [has] : []
        })
        if (hungry.length > 0) expect(Math.max(...hungry) - Math.min(...hungry)).toBeLessThanOrEqual(1)
        for (const has of counts.values())
          if (hungry.length > 0) expect(has).toBeLessThanOrEqual(Math.max(...hungry) + 1)
      }),
      { numRuns: 100 },
    )
  })

  it.each([1, 14, 200, 1000])('at %d a second keep some of each tenant for single mails, by turns', (perSecond) => {
    const wanted = Array.from({ length: 7 }, (_, at) => ({ owner: `ten_${at}`, wanted: 10_000 }))
    const minute = Array.from({ length: 24 }, (_, at) => slotsOf(perSecond, wanted, window + at)).flat()
    const kept = minute.filter(({ kind }) => kind === 'reserve')
    const every = Math.min(25, Math.max(2, Math.floor(perSecond / 2)))
    expect(kept.length / minute.length).toBeCloseTo(1 / every, 1)
    const owners = Map.groupBy(kept, ({ owner }) => owner)
    expect(owners.size).toBe(7)
  })
})
