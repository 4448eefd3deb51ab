import { expect, it } from 'vitest'
import { allBombs } from './all-bombs.ts'
import { RSS_BYTES_MAX, runBombs, verdictOf } from './run-bombs.ts'

/** Of each family every fourth; `npm run figures -- bombs` sets them all off. */
const chosen = allBombs.filter((_, index) => index % 4 === 0)

it('knows at least eighty shapes of bombs, no two alike', () => {
  expect(new Set(allBombs.map(({ name }) => name)).size).toBe(allBombs.length)
  expect(allBombs.length).toBeGreaterThanOrEqual(80)
  expect(chosen.length).toBeGreaterThanOrEqual(30)
})

it('ends each bomb in one decision of the reader or its watcher, and reads the mails around it as ever', async () => {
  const blasts = await runBombs(chosen, 'quick')
  expect(blasts.map(({ bomb }) => bomb)).toEqual(chosen.map(({ name }) => name))
  const wrong = blasts.filter(({ decisions, neighboursHurt }) => {
    const failed = decisions.some((one) => verdictOf(one) === 'failed')
    const letGo = decisions.some((one) => one.outcome !== 'over_budget' && one.peakBytes > RSS_BYTES_MAX)
    return decisions.length === 0 || failed || letGo || neighboursHurt > 0
  })
  expect(wrong).toEqual([])
}, 300_000)
