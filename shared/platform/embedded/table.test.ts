import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TableItem } from '#shared/platform/table.ts'
import { createMemoryPlatform, type MemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { tenantPrefix } from '../table-item-rules.ts'
import { compareUtf8 } from '../utf8-order.ts'
import { removeExpiredRows } from './expired-rows.ts'
import { endOfPrefix } from './table-query.ts'

let platform: MemoryPlatform
beforeEach(async () => {
  platform = await createMemoryPlatform({ indexLag: true })
})
afterEach(() => platform.close())

describe('embedded table', () => {
  it('serves indexes late until they catch up: old rows stay, new ones are missing, changed ones are old', async () => {
    const { table, catchUpIndexes } = platform
    const row = (sk: string, n: number): TableItem => ({ pk: 'p', sk, gsi1pk: 'x', gsi1sk: sk, n })
    const seen = async () =>
      (await table.query({ index: 'gsi1', pk: 'x', limit: 10 })).items.map(({ sk, n }) => [sk, n])
    await table.putMany([row('changed', 1), row('deleted', 1)])
    expect(await seen()).toEqual([])
    await catchUpIndexes()
    await table.putMany([row('changed', 2), row('new', 1)])
    await table.write({ kind: 'delete', key: { pk: 'p', sk: 'deleted' } })
    expect(await seen()).toEqual([
      ['changed', 1],
      ['deleted', 1],
    ])
    expect((await table.query({ pk: 'p', limit: 10 })).items).toHaveLength(2)
    await catchUpIndexes()
    expect(await seen()).toEqual([
      ['changed', 2],
      ['new', 1],
    ])
  })

  it('the sweep removes expired rows only, a part at a time', async () => {
    const { table, store, clock } = platform
    const now = Math.floor(clock.now() / 1000)
    await table.putMany([1, 2, 3].map((at) => ({ pk: 'p', sk: `s${at}`, expiresAt: now + 10 })))
    await table.putMany([
      { pk: 'p', sk: 'later', expiresAt: now + 1000 },
      { pk: 'p', sk: 'never' },
    ])
    expect(await removeExpiredRows(store, clock)).toBe(0)
    clock.advance(10)
    expect(await table.get({ pk: 'p', sk: 's1' })).toBeUndefined()
    expect(await removeExpiredRows(store, clock, 2)).toBe(2)
    expect(await removeExpiredRows(store, clock, 2)).toBe(1)
    expect((await table.query({ pk: 'p', limit: 10 })).items.map(({ sk }) => sk)).toEqual(['later', 'never'])
  })

  it('an expired row counts towards the page it is left out of, as in DynamoDB', async () => {
    const { table, clock } = platform
    const expiresAt = Math.floor(clock.now() / 1000) - 5
    await table.putMany([
      { pk: 'p', sk: 'a', expiresAt },
      { pk: 'p', sk: 'b', expiresAt },
      { pk: 'p', sk: 'c' },
    ])
    const page = await table.query({ pk: 'p', limit: 2 })
    expect(page.items).toEqual([])
    expect(page.cursor).toBeDefined()
  })

  it('a tenant id that could climb into another is refused', () => {
    for (const tenantId of ['', 'a#b', 'a b', '-a', 'ä', 'x'.repeat(65)])
      expect(() => platform.tableOf(tenantId)).toThrow(expect.objectContaining({ code: 'table.bad_request' }))
    expect(tenantPrefix('ten_01-A')).toBe('ten_01-A#')
  })

  it('a closed database is unavailable, to be tried again', async () => {
    const { table, store } = platform
    await store.close()
    const put = { kind: 'put', item: { pk: 'p', sk: 's' } } as const
    await expect(table.write(put)).rejects.toMatchObject({ code: 'table.unavailable', retry: true })
    await expect(table.get({ pk: 'p', sk: 's' })).rejects.toMatchObject({ code: 'table.unavailable', retry: true })
  })
})

describe('order and prefixes', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 4 }).filter((value) => value.isWellFormed())

  it('endOfPrefix is after exactly the strings that begin with it', () => {
    fc.assert(
      fc.property(text, text, (start, other) => {
        const end = endOfPrefix(start)
        const isWithin = (value: string) =>
          compareUtf8(value, start) >= 0 && (end === undefined || compareUtf8(value, end) < 0)
        expect(isWithin(start + other)).toBe(true)
        expect(isWithin(other)).toBe(other.startsWith(start))
      }),
      { numRuns: 2000 },
    )
    expect(endOfPrefix('\u{10ffff}')).toBeUndefined()
    expect(endOfPrefix('a\u{10ffff}')).toBe('b')
    expect(endOfPrefix('\ud7ff')).toBe('\ue000')
  })

  it('queries agree with a plain list, for any keys, range, direction and page size', async () => {
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(text, { maxLength: 15 }),
        fc.option(text, { nil: undefined }),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        async (keys, beginsWith, descending, limit) => {
          round += 1
          const pk = `p${round}`
          await platform.table.putMany(keys.map((sk) => ({ pk, sk })))
          const found: string[] = []
          let cursor: string | undefined
          do {
            const page = await platform.table.query({
              pk,
              limit,
              descending,
              ...(beginsWith === undefined ? {} : { sk: { beginsWith } }),
              ...(cursor === undefined ? {} : { cursor }),
            })
            found.push(...page.items.map(({ sk }) => sk))
            cursor = page.cursor
          } while (cursor !== undefined)
          const expected = keys.filter((sk) => sk.startsWith(beginsWith ?? '')).toSorted(compareUtf8)
          expect(found).toEqual(descending ? expected.toReversed() : expected)
        },
      ),
      { numRuns: 150 },
    )
  })
})
