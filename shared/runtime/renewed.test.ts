import { expect, it } from 'vitest'
import { renewed } from './renewed.ts'

it('makes it once for so long, again when it is old, and again at the next call after a failure', async () => {
  let now = 0
  let made = 0
  let fails = true
  const get = renewed({ clock: { now: () => now }, everyMs: 1000 }, async () => {
    made += 1
    if (fails) throw new Error('not now')
    return made
  })
  await expect(get()).rejects.toThrow('not now')
  fails = false
  expect(await Promise.all([get(), get()])).toEqual([2, 2])
  now = 999
  expect(await get()).toBe(2)
  now = 1000
  expect(await get()).toBe(3)
})
