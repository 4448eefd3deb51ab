import { expect, it } from 'vitest'
import { tryCombinations } from './combinations.ts'
import { tryForgedTokens } from './forged-tokens.ts'

/** All combinations; of the tokens a part of what the figures run. */
const TOKENS = 2000
const EVERY_COMBINATION = 1

it('acts for nobody but the sender whom the receiver vouches for, on his own event alone', async () => {
  const { combinations, acted, outside } = await tryCombinations(EVERY_COMBINATION)
  expect(outside).toEqual([])
  expect(combinations).toBeGreaterThan(400)
  expect(acted).toBeGreaterThan(50)
}, 300_000)

it('finds mail that is acted upon outside the table', async () => {
  const { outside } = await tryCombinations(29, { dmarc: 'PASS' })
  expect(outside.length).toBeGreaterThan(5)
}, 300_000)

it('takes no token that nobody was given', async () => {
  expect(await tryForgedTokens(TOKENS)).toEqual({ tried: TOKENS, accepted: 0, which: [] })
}, 300_000)

it('finds a check that looks at the beginning alone', async () => {
  const key = async (_ctx: unknown, token: string) => token.startsWith('cvk_')
  expect((await tryForgedTokens(200, { key })).accepted).toBeGreaterThan(5)
})
