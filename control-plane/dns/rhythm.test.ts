import fc from 'fast-check'
import { expect, it } from 'vitest'
import { checkNowWait, nextLookAt } from './rhythm.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const middle = () => 0.5

it('looks 8 times each 15 s, 30 times a minute, then each 5 min to 6 h, hourly to 72 h, daily', () => {
  const pauses: number[] = []
  let now = 0
  for (let attempt = 1; now < 96 * HOUR; attempt += 1) {
    const next = nextLookAt({ attempt, startedAt: 0, now, isLive: false, random: middle })
    pauses.push(next - now)
    now = next
  }
  const runs: (readonly [number, number])[] = []
  for (const pause of pauses) {
    const [length, count] = runs.at(-1) ?? [0, 0]
    if (length === pause) runs[runs.length - 1] = [pause, count + 1]
    else runs.push([pause, 1])
  }
  expect(runs).toEqual([
    [15 * SECOND, 8],
    [MINUTE, 30],
    [5 * MINUTE, 66],
    [HOUR, 66],
    [24 * HOUR, 1],
  ])
})

it('looks at live domains daily, and the licensee who comes back after days is looked at quickly anew', () => {
  expect(nextLookAt({ attempt: 1, startedAt: 0, now: 0, isLive: true, random: middle })).toBe(24 * HOUR)
  expect(nextLookAt({ attempt: 3, startedAt: 0, now: 100 * HOUR, isLive: false, random: middle })).toBe(
    100 * HOUR + 15 * SECOND,
  )
})

it('looks once a week after a month of daily looks', () => {
  const paceAt = (hours: number) =>
    nextLookAt({ attempt: 200, startedAt: 0, now: hours * HOUR, isLive: false, random: middle }) - hours * HOUR
  expect([71, 72, 33 * 24 - 1, 33 * 24].map(paceAt)).toEqual([HOUR, 24 * HOUR, 24 * HOUR, 7 * 24 * HOUR])
})

it('property: the next look lies ahead, within a fifth of its pace, whatever the numbers', () => {
  const input = fc.record({
    attempt: fc.nat(500),
    startedAt: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    now: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    isLive: fc.boolean(),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((value) => () => value),
  })
  fc.assert(
    fc.property(input, (one) => {
      const pause = nextLookAt(one) - one.now
      const pace = nextLookAt({ ...one, random: middle }) - one.now
      expect(Number.isInteger(pause)).toBe(true)
      expect(pause).toBeGreaterThanOrEqual(Math.floor(pace * 0.8))
      expect(pause).toBeLessThanOrEqual(Math.ceil(pace * 1.2))
      expect([15 * SECOND, MINUTE, 5 * MINUTE, HOUR, 24 * HOUR, 7 * 24 * HOUR]).toContain(pace)
    }),
    { numRuns: 300, seed: 4 },
  )
})

it('property: with the same waiting time later looks never come quicker', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.nat(100 * HOUR), fc.nat(HOUR), (attempt, age, more) => {
      const at = (looks: number, now: number) =>
        nextLookAt({ attempt: looks, startedAt: 0, now, isLive: false, random: middle }) - now
      expect(at(attempt + 1, age + more)).toBeGreaterThanOrEqual(at(attempt, age))
    }),
    { numRuns: 500, seed: 4 },
  )
})

it('lets a person look at most once in 10 s', () => {
  expect(checkNowWait({ now: 50_000 })).toBe(0)
  expect(checkNowWait({ lastLookAt: 50_000, now: 50_000 })).toBe(10_000)
  expect(checkNowWait({ lastLookAt: 50_000, now: 59_999 })).toBe(1)
  expect(checkNowWait({ lastLookAt: 50_000, now: 60_000 })).toBe(0)
})
