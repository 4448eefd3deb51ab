import { beforeAll, describe, expect, it } from 'vitest'
import type { TableQuery } from '#shared/platform/table.ts'
import { expectFailure, freshName } from './contract-case.ts'
import { allItems, put, type TableSubject } from './table-subject.ts'

/** In UTF-8 order; JavaScript's own order would put the last two the other way round. */
const SORT_KEYS = ['A', 'a', 'a!', 'a#1', 'a#10', 'a#2', 'b', 'é', '\uffee', '\u{1f600}', '\u{10ffff}x']

export function describeQueries(subject: () => TableSubject): void {
  describe('queries', () => {
    const pk = freshName('pk')

    beforeAll(async () => {
      await subject().table.putMany(SORT_KEYS.toReversed().map((sk) => ({ pk, sk })))
      await subject().table.write(put({ pk: `${pk}x`, sk: 'a' }))
    })

    async function sortKeys(query: Omit<TableQuery, 'pk' | 'limit'>): Promise<readonly string[]> {
      return (await allItems(subject().table, { pk, limit: 100, ...query })).map(({ sk }) => sk)
    }

    it('a partition comes in UTF-8 order of the sort key, and alone', async () => {
      expect(await sortKeys({})).toEqual(SORT_KEYS)
    })

    it('descending is the other way round', async () => {
      expect(await sortKeys({ descending: true })).toEqual(SORT_KEYS.toReversed())
    })

    it('an absent partition is empty', async () => {
      expect(await subject().table.query({ pk: freshName('none'), limit: 5 })).toEqual({ items: [] })
    })

    it('beginsWith takes exactly the prefix', async () => {
      expect(await sortKeys({ sk: { beginsWith: 'a' } })).toEqual(['a', 'a!', 'a#1', 'a#10', 'a#2'])
      expect(await sortKeys({ sk: { beginsWith: 'a#1' } })).toEqual(['a#1', 'a#10'])
      expect(await sortKeys({ sk: { beginsWith: '\u{10ffff}' } })).toEqual(['\u{10ffff}x'])
      expect(await sortKeys({ sk: { beginsWith: 'zz' } })).toEqual([])
      expect(await sortKeys({ sk: { beginsWith: 'a#' }, descending: true })).toEqual(['a#2', 'a#10', 'a#1'])
    })

    it('between takes both ends', async () => {
      expect(await sortKeys({ sk: { between: ['a#1', 'b'] } })).toEqual(['a#1', 'a#10', 'a#2', 'b'])
      expect(await sortKeys({ sk: { between: ['b', 'b'] } })).toEqual(['b'])
      expect(await sortKeys({ sk: { between: ['c', 'd'] } })).toEqual([])
    })

    it('wildcards of other stores are plain characters', async () => {
      const { table } = subject()
      const of = freshName('wild')
      await table.putMany(['a%', 'a_', 'ab'].map((sk) => ({ pk: of, sk })))
      expect((await table.query({ pk: of, sk: { beginsWith: 'a%' }, limit: 5 })).items).toEqual([{ pk: of, sk: 'a%' }])
      expect((await table.query({ pk: of, sk: { beginsWith: 'a_' }, limit: 5 })).items).toEqual([{ pk: of, sk: 'a_' }])
    })

    const refused: Record<string, Partial<TableQuery>> = {
      'limit 0': { limit: 0 },
      'limit 1001': { limit: 1001 },
      'limit 1.5': { limit: 1.5 },
      'an empty pk': { pk: '' },
      'an empty prefix': { sk: { beginsWith: '' } },
      'between upside down': { sk: { between: ['b', 'a'] } },
      'a prefix over 1024 bytes': { sk: { beginsWith: 'x'.repeat(1025) } },
    }
    for (const [what, query] of Object.entries(refused))
      it(`${what} is refused`, async () => {
        await expectFailure(subject().table.query({ pk, limit: 5, ...query }), 'table.bad_request')
      })
  })

  describe('index queries', () => {
    it('give whole rows of both indexes in order of the index sort key', async () => {
      const { table, settleIndexes } = subject()
      const [pk, one, two] = [freshName('pk'), freshName('one'), freshName('two')]
      const rows = ['c', 'a', 'b'].map((order, at) => ({
        pk,
        sk: `s${at}`,
        gsi1pk: one,
        gsi1sk: order,
        gsi2pk: two,
        gsi2sk: `${9 - at}`,
        at,
      }))
      await table.putMany(rows)
      await settleIndexes()
      expect(await allItems(table, { index: 'gsi1', pk: one, limit: 5 })).toEqual([rows[1], rows[2], rows[0]])
      expect(await allItems(table, { index: 'gsi2', pk: two, limit: 5 })).toEqual([rows[2], rows[1], rows[0]])
      expect(await allItems(table, { index: 'gsi1', pk: one, sk: { beginsWith: 'b' }, limit: 5 })).toEqual([rows[2]])
    })

    it('leave out rows without both index keys', async () => {
      const { table, settleIndexes } = subject()
      const [pk, of] = [freshName('pk'), freshName('of')]
      await table.putMany([
        { pk, sk: 'whole', gsi1pk: of, gsi1sk: 'x' },
        { pk, sk: 'no-sort', gsi1pk: of },
        { pk, sk: 'no-partition', gsi1sk: 'x' },
      ])
      await settleIndexes()
      expect(await allItems(table, { index: 'gsi1', pk: of, limit: 5 })).toEqual([
        { pk, sk: 'whole', gsi1pk: of, gsi1sk: 'x' },
      ])
    })

    for (const index of ['gsi1', 'gsi2'] as const)
      it(`show another tenant nothing of ${index}`, async () => {
        const { table, otherTenant, settleIndexes } = subject()
        const of = freshName('of')
        const row = { pk: freshName('pk'), sk: 's', [`${index}pk`]: of, [`${index}sk`]: 'x' }
        await table.write(put(row))
        await settleIndexes()
        expect(await allItems(table, { index, pk: of, limit: 5 })).toEqual([row])
        expect(await allItems(otherTenant, { index, pk: of, limit: 5 })).toEqual([])
      })

    it('forget deleted rows', async () => {
      const { table, settleIndexes } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      const of = freshName('of')
      await table.write(put({ ...key, gsi2pk: of, gsi2sk: 'x' }))
      await settleIndexes()
      expect(await allItems(table, { index: 'gsi2', pk: of, limit: 5 })).toHaveLength(1)
      await table.write({ kind: 'delete', key })
      await settleIndexes()
      expect(await allItems(table, { index: 'gsi2', pk: of, limit: 5 })).toEqual([])
    })
  })
}
