import { describe, expect, it } from 'vitest'
import type { Table, TableQuery } from '#shared/platform/table.ts'
import { expectFailure, freshName } from './contract-case.ts'
import { allItems, allPages, put, type TableSubject } from './table-subject.ts'

async function firstCursor(table: Table, query: TableQuery): Promise<string> {
  const { cursor } = await table.query(query)
  if (cursor === undefined) throw new Error('the query has one page only')
  return cursor
}

export function describePaging(subject: () => TableSubject): void {
  describe('paging', () => {
    async function partition(count: number): Promise<string> {
      const pk = freshName('pk')
      await subject().table.putMany(Array.from({ length: count }, (_, at) => ({ pk, sk: `s${100 + at}` })))
      return pk
    }

    for (const descending of [false, true])
      it(`pages of 3 cover 10 rows once, in order${descending ? ', descending' : ''}`, async () => {
        const pk = await partition(10)
        const pages = await allPages(subject().table, { pk, limit: 3, descending })
        const keys = pages.flatMap(({ items }) => items.map(({ sk }) => sk))
        const expected = Array.from({ length: 10 }, (_, at) => `s${100 + at}`)
        expect(keys).toEqual(descending ? expected.toReversed() : expected)
        expect(pages.every(({ items }) => items.length <= 3)).toBe(true)
      })

    it('the last page has no cursor', async () => {
      const pk = await partition(4)
      const pages = await allPages(subject().table, { pk, limit: 3 })
      expect(pages.at(-1)?.cursor).toBeUndefined()
      expect(pages).toHaveLength(2)
    })

    it('a cursor works with another limit and within a prefix', async () => {
      const { table } = subject()
      const pk = await partition(20)
      const query = { pk, sk: { beginsWith: 's11' }, limit: 4 }
      const cursor = await firstCursor(table, query)
      const rest = await allItems(table, { ...query, limit: 100, cursor })
      expect(rest.map(({ sk }) => sk)).toEqual(['s114', 's115', 's116', 's117', 's118', 's119'])
    })

    it('rows put and deleted between pages neither repeat nor hide the others', async () => {
      const { table } = subject()
      const pk = await partition(6)
      const cursor = await firstCursor(table, { pk, limit: 3 })
      await table.write({ kind: 'delete', key: { pk, sk: 's102' } })
      await table.write(put({ pk, sk: 's100a' }))
      await table.write(put({ pk, sk: 's103a' }))
      const rest = await allItems(table, { pk, limit: 3, cursor })
      expect(rest.map(({ sk }) => sk)).toEqual(['s103', 's103a', 's104', 's105'])
    })

    it('a page ends at 1 MB', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const body = 'x'.repeat(300 * 1024)
      await table.putMany(Array.from({ length: 8 }, (_, at) => ({ pk, sk: `s${at}`, body })))
      const pages = await allPages(table, { pk, limit: 1000 })
      expect(pages.length).toBeGreaterThanOrEqual(3)
      for (const { items } of pages) expect(JSON.stringify(items).length).toBeLessThan(1.4 * 1024 * 1024)
      expect(pages.flatMap(({ items }) => items.map(({ sk }) => sk))).toEqual(
        Array.from({ length: 8 }, (_, at) => `s${at}`),
      )
    })

    for (const descending of [false, true])
      it(`an index with equal sort keys pages over every row once${descending ? ', descending' : ''}`, async () => {
        const { table, settleIndexes } = subject()
        const [of, stem] = [freshName('of'), freshName('pk')]
        const rows = Array.from({ length: 9 }, (_, at) => ({
          pk: `${stem}-${at % 3}`,
          sk: `s${at}`,
          gsi1pk: of,
          gsi1sk: at < 6 ? 'same' : 'tame',
        }))
        await table.putMany(rows)
        await settleIndexes()
        const items = await allItems(table, { index: 'gsi1', pk: of, limit: 2, descending })
        expect(new Set(items.map(({ sk }) => sk)).size).toBe(9)
        expect(items).toHaveLength(9)
        const order = items.map(({ gsi1sk = '' }) => gsi1sk)
        const sorted = order.toSorted((a, b) => (a < b ? -1 : Number(a > b)))
        expect(order).toEqual(descending ? sorted.toReversed() : sorted)
      })

    it('a cursor does not show the tenant', async () => {
      const { table } = subject()
      const pk = await partition(3)
      expect(Buffer.from(await firstCursor(table, { pk, limit: 1 }), 'base64url').toString('latin1')).not.toMatch(
        /tenant/i,
      )
    })
  })

  describe('bad cursors', () => {
    it('of nonsense', async () => {
      for (const cursor of ['', 'x', '!!', 'bnVsbA', 'W10', 'WyJhIiwiYiJd', 'é', 'a'.repeat(20_000)])
        await expectFailure(subject().table.query({ pk: 'p', limit: 1, cursor }), 'table.bad_cursor')
    })

    it('of another query, tenant, direction, index or cut and altered ones', async () => {
      const { table, otherTenant } = subject()
      const pk = freshName('pk')
      await table.putMany(['a1', 'a2', 'a3'].map((sk) => ({ pk, sk })))
      await otherTenant.putMany(['a1', 'a2'].map((sk) => ({ pk, sk })))
      const cursor = await firstCursor(table, { pk, limit: 1 })
      const altered = cursor.slice(0, 30) + (cursor[30] === 'A' ? 'B' : 'A') + cursor.slice(31)
      for (const query of [
        { pk: `${pk}x`, limit: 1, cursor },
        { pk, limit: 1, cursor, descending: true },
        { pk, limit: 1, cursor, sk: { beginsWith: 'a' } },
        { pk, limit: 1, cursor, index: 'gsi1' },
        { pk, limit: 1, cursor: cursor.slice(0, -4) },
        { pk, limit: 1, cursor: altered },
      ] as const)
        await expectFailure(table.query(query), 'table.bad_cursor')
      await expectFailure(otherTenant.query({ pk, limit: 1, cursor }), 'table.bad_cursor')
      expect((await table.query({ pk, limit: 1, cursor })).items).toEqual([{ pk, sk: 'a2' }])
    })
  })
}
