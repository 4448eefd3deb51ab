import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { openShelf, type Shelf } from './shelf.ts'

const Counted = z.object({ count: z.number() })

let platform: MemoryPlatform
let shelf: Shelf<z.infer<typeof Counted>>
beforeEach(async () => {
  platform = await createMemoryPlatform()
  shelf = openShelf(platform.table, 'things', Counted)
})
afterEach(() => platform.close())

describe('a shelf', () => {
  it('loses no change of many at once', async () => {
    await shelf.insert('a', { count: 0 })
    const more = () => shelf.change('a', ({ count }) => ({ count: count + 1 }))
    await Promise.all(Array.from({ length: 20 }, more))
    expect(await shelf.get('a')).toEqual({ count: 20 })
  })

  it('takes a key once', async () => {
    const taken = await Promise.all([1, 2, 3].map((count) => shelf.insert('a', { count })))
    expect(taken.filter((isTaken) => isTaken)).toHaveLength(1)
  })

  it('changes nothing that is not there, and nothing when the decision throws', async () => {
    expect(await shelf.change('a', () => ({ count: 1 }))).toBeUndefined()
    await shelf.insert('a', { count: 1 })
    const asked = shelf.change('a', () => {
      throw new Error('no')
    })
    await expect(asked).rejects.toThrow('no')
    expect(await shelf.get('a')).toEqual({ count: 1 })
  })

  it('lists every page of a beginning, and no other shelf', async () => {
    for (let count = 0; count < 250; count += 1) await shelf.insert(`a/${count}`, { count })
    await shelf.insert('b/1', { count: 0 })
    await openShelf(platform.table, 'others', Counted).insert('a/x', { count: 0 })
    expect(await shelf.all('a/')).toHaveLength(250)
    expect(await shelf.all('')).toHaveLength(251)
  })
})
