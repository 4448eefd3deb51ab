import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Observation, RecordState } from './observation.ts'
import { type Settled, settle } from './settle.ts'

const MINUTE = 60_000

function seen(state: RecordState): Observation {
  return {
    key: 'inbound_mx',
    name: 'invites.example.com',
    type: 'MX',
    state,
    code: state,
    expected: [],
    found: [],
    sentence: state,
    whoActs: 'nobody',
  }
}

/** States after looks at given minutes. */
function after(...looks: readonly (readonly [number, RecordState])[]): Settled {
  const [first, ...others] = looks
  if (first === undefined) throw new Error('no looks')
  const start = settle(undefined, seen(first[1]), first[0] * MINUTE)
  return others.reduce((before, [minute, state]) => settle(before, seen(state), minute * MINUTE), start)
}

it('follows what is seen while nothing is green', () => {
  expect(after([0, 'waiting']).state).toBe('waiting')
  expect(after([0, 'waiting'], [1, 'wrong'])).toMatchObject({ state: 'wrong', since: MINUTE })
  expect(after([0, 'wrong'], [1, 'ok'])).toMatchObject({ state: 'ok', since: MINUTE, misses: 0 })
  expect(after([0, 'ok'], [1, 'ok']).since).toBe(0)
})

it('turns green to red after three misses over half an hour, not before', () => {
  expect(after([0, 'ok'], [1, 'wrong'], [2, 'wrong'], [3, 'wrong'], [4, 'wrong']).state).toBe('ok')
  expect(after([0, 'ok'], [1, 'wrong'], [40, 'wrong']).state).toBe('ok')
  expect(after([0, 'ok'], [1, 'wrong'], [2, 'wrong'], [30, 'wrong']).state).toBe('ok')
  expect(after([0, 'ok'], [1, 'wrong'], [2, 'wrong'], [31, 'wrong'])).toMatchObject({
    state: 'wrong',
    since: 31 * MINUTE,
  })
  expect(after([0, 'ok'], [1, 'waiting'], [20, 'wrong'], [31, 'waiting']).state).toBe('waiting')
})

it('one good look clears the misses', () => {
  expect(after([0, 'ok'], [1, 'wrong'], [20, 'wrong'], [25, 'ok'], [31, 'wrong'], [50, 'wrong']).state).toBe('ok')
})

it('a look that could not be made changes nothing, but is shown', () => {
  const settled = after([0, 'ok'], [1, 'wrong'], [20, 'cannot_check'], [40, 'cannot_check'], [60, 'cannot_check'])
  expect(settled).toMatchObject({ state: 'ok', misses: 1, observation: { state: 'cannot_check' } })
  expect(after([0, 'wrong'], [1, 'cannot_check']).state).toBe('wrong')
  expect(after([0, 'cannot_check'], [1, 'ok']).state).toBe('ok')
})

it('the same look twice, or an older one, changes nothing', () => {
  const before = after([0, 'ok'], [1, 'wrong'])
  expect(settle(before, seen('wrong'), MINUTE)).toBe(before)
  expect(settle(before, seen('wrong'), 0)).toBe(before)
})

const looks = fc.array(
  fc.record({
    minutes: fc.integer({ min: 1, max: 45 }),
    state: fc.constantFrom<RecordState>('ok', 'wrong', 'waiting', 'cannot_check'),
  }),
  { minLength: 1, maxLength: 60 },
)

it('property: a green record is never red without three misses in a row over 30 minutes', () => {
  fc.assert(
    fc.property(looks, (all) => {
      let now = 0
      let settled = settle(undefined, seen('ok'), now)
      let misses: number[] = []
      for (const { minutes, state } of all) {
        now += minutes * MINUTE
        const before = settled
        settled = settle(settled, seen(state), now)
        if (state === 'ok') misses = []
        if (state === 'wrong' || state === 'waiting') misses.push(now)
        const isDue = misses.length >= 3 && now - (misses[0] ?? now) >= 30 * MINUTE
        if (before.state === 'ok') expect(settled.state === 'ok').toBe(!isDue || state === 'cannot_check')
        if (state === 'ok') expect(settled.state).toBe('ok')
        if (state === 'cannot_check') expect(settled.state).toBe(before.state)
        expect(settled.since).toBeLessThanOrEqual(now)
        expect(settle(settled, seen(state), now)).toBe(settled)
      }
    }),
    { numRuns: 300, seed: 4 },
  )
})
