import { describe, expect, it } from 'vitest'
import type { WriteOperation } from '#shared/platform/table.ts'
import { expectFailure, freshName } from './contract-case.ts'
import { allItems, put, type TableSubject } from './table-subject.ts'

type Update = Omit<Extract<WriteOperation, { readonly kind: 'update' }>, 'kind' | 'key'>

export function describeUpdates(subject: () => TableSubject): void {
  describe('updates', () => {
    it('set, add and remove change their attributes and leave the others', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, kept: 'k', set: 'old', count: 40, gone: 1 }))
      await table.write({
        kind: 'update',
        key,
        set: { set: ['new', { deep: null }] },
        add: { count: 2, fresh: -1 },
        remove: ['gone', 'never'],
      })
      expect(await table.get(key)).toEqual({ ...key, kept: 'k', set: ['new', { deep: null }], count: 42, fresh: -1 })
    })

    it('an update of an absent row makes it', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write({ kind: 'update', key, add: { count: 1 } })
      expect(await table.get(key)).toEqual({ ...key, count: 1 })
    })

    it('a conditional update of an absent row can refuse to make it', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      const update = { kind: 'update', key, set: { a: 1 }, when: { row: 'present' } } as const
      await expectFailure(table.write(update), 'table.condition_failed')
      expect(await table.get(key)).toBeUndefined()
    })

    it('an update moves the row in an index', async () => {
      const { table, settleIndexes } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      const [from, to] = [freshName('from'), freshName('to')]
      await table.write(put({ ...key, gsi1pk: from, gsi1sk: '1' }))
      await table.write({ kind: 'update', key, set: { gsi1pk: to } })
      await settleIndexes()
      expect(await allItems(table, { index: 'gsi1', pk: from, limit: 10 })).toEqual([])
      expect(await allItems(table, { index: 'gsi1', pk: to, limit: 10 })).toHaveLength(1)
      await table.write({ kind: 'update', key, remove: ['gsi1sk'] })
      await settleIndexes()
      expect(await allItems(table, { index: 'gsi1', pk: to, limit: 10 })).toEqual([])
    })

    it('200 concurrent additions are all counted', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await Promise.all(Array.from({ length: 200 }, () => table.write({ kind: 'update', key, add: { count: 1 } })))
      expect(await table.get(key)).toEqual({ ...key, count: 200 })
    })

    const refused: Record<string, Update> = {
      'an update of nothing': {},
      'the same attribute set and added': { set: { a: 1 }, add: { a: 1 } },
      'the same attribute set and removed': { set: { a: 1 }, remove: ['a'] },
      'setting the key': { set: { sk: 'other' } },
      'removing the key': { remove: ['pk'] },
      'adding not-a-number': { add: { n: Number.NaN } },
      'adding to text': { add: { text: 1 } },
      'setting an empty index key': { set: { gsi1pk: '' } },
      'setting infinity': { set: { a: [Number.NEGATIVE_INFINITY] } },
    }
    for (const [what, update] of Object.entries(refused))
      it(`${what} is refused`, async () => {
        const { table } = subject()
        const item = { pk: freshName('pk'), sk: 's', text: 't', n: 1 }
        await table.write(put(item))
        await expectFailure(table.write({ kind: 'update', key: item, ...update }), 'table.bad_request')
        expect(await table.get(item)).toEqual(item)
      })

    it('an update cannot grow a row over 400 KB', async () => {
      const { table } = subject()
      const item = { pk: freshName('pk'), sk: 's', a: 'x'.repeat(300 * 1024) }
      await table.write(put(item))
      const grow = { kind: 'update', key: item, set: { b: 'y'.repeat(120 * 1024) } } as const
      await expectFailure(table.write(grow), 'table.item_too_large')
      expect(await table.get(item)).toEqual(item)
    })
  })
}
