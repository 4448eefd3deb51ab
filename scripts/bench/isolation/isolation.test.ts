import { expect, it } from 'vitest'
import { tryForgedTokens } from './forged-tokens.ts'
import { runIsolation } from './run-isolation.ts'

it('lets nothing foreign in, and misses no guard that was taken out', async () => {
  const { requests, holes, guards } = await runIsolation({ every: 17, guardsEvery: 5 })
  expect(holes).toEqual([])
  expect(requests).toBeGreaterThan(500)
  expect(guards.filter(({ isCaught }) => !isCaught)).toEqual([])
  expect(guards.length).toBeGreaterThan(10)
})

it('accepts no key, session or link that nobody was given', async () => {
  expect(await tryForgedTokens(2000)).toEqual({ tried: 2000, accepted: 0 })
})
