import { expect, it } from 'vitest'
import { createSeededRandom } from '../harness/platform/seeded-random.ts'
import { readSample } from '../harness/samples.ts'
import { mutated } from './mutate.ts'
import { runFuzz } from './run-fuzz.ts'

/** A tenth of what the figures run. */
const TRIES = 2000

it('ends every mutated mail in one outcome with a reason', async () => {
  const { tried, uncaught, outcomes, failures } = await runFuzz({ from: 1, count: TRIES })
  expect(failures.join('\n')).toBe('')
  expect({ tried, uncaught }).toEqual({ tried: TRIES, uncaught: 0 })
  // Mutations that only ever broke the first line would all end alike.
  expect(Object.keys(outcomes).length).toBeGreaterThan(12)
  expect(Object.keys(outcomes).filter((outcome) => outcome.startsWith('acted')).length).toBeGreaterThan(1)
}, 300_000)

it('finds a reader that answers with half a mail', async () => {
  let asked = 0
  const { uncaught, failures } = await runFuzz({
    from: 1,
    count: 8,
    planted: (reader) => ({
      ...reader,
      async disassemble(raw) {
        asked += 1
        if (asked % 4 === 0) throw new TypeError('half a mail')
        return reader.disassemble(raw)
      },
    }),
  })
  expect(uncaught).toBeGreaterThan(0)
  expect(failures[0]).toMatch(/^SEED=\d+ .*half a mail/s)
})

it('mutates the same seed the same way, and differently from the next', () => {
  const sample = readSample('google-single-timed')
  const mutate = (seed: number) => mutated(sample, createSeededRandom(seed)).raw.toString('latin1')
  expect(mutate(3)).toBe(mutate(3))
  expect(new Set([1, 2, 3, 4, 5, 6].map(mutate)).size).toBeGreaterThan(4)
})
