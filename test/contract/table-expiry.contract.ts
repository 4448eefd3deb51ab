import { describe, expect, it } from 'vitest'
import type { Condition, WriteOperation } from '#shared/platform/table.ts'
import { expectFailure, freshName } from './contract-case.ts'
import { allItems, put, type TableSubject } from './table-subject.ts'

export function describeExpiry(subject: () => TableSubject): void {
  describe('expiry', () => {
    function seconds(offset: number): number {
      return Math.floor(subject().now() / 1000) + offset
    }

    it('a row past expiresAt is returned by no read', async () => {
      const { table, settleIndexes } = subject()
      const [pk, of] = [freshName('pk'), freshName('of')]
      await table.putMany([
        { pk, sk: 'gone', expiresAt: seconds(-60), gsi1pk: of, gsi1sk: '1' },
        { pk, sk: 'here', expiresAt: seconds(3600), gsi1pk: of, gsi1sk: '2' },
      ])
      await settleIndexes()
      expect(await table.get({ pk, sk: 'gone' })).toBeUndefined()
      expect((await table.getMany(['gone', 'here'].map((sk) => ({ pk, sk })))).map(({ sk }) => sk)).toEqual(['here'])
      expect((await allItems(table, { pk, limit: 10 })).map(({ sk }) => sk)).toEqual(['here'])
      expect((await allItems(table, { index: 'gsi1', pk: of, limit: 10 })).map(({ sk }) => sk)).toEqual(['here'])
    })

    it('many expired rows before a living one do not hide it', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const gone = Array.from({ length: 7 }, (_, at) => ({ pk, sk: `a${at}`, expiresAt: seconds(-60) }))
      await table.putMany([...gone, { pk, sk: 'b' }])
      expect(await allItems(table, { pk, limit: 2 })).toEqual([{ pk, sk: 'b' }])
    })

    it('conditions see an expired row as absent', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, n: 1, expiresAt: seconds(-60) }))
      const present = { kind: 'check', key, when: { attribute: 'n', is: '=', value: 1 } } as const
      await expectFailure(table.write(present), 'table.condition_failed')
      await table.write({ kind: 'put', item: { ...key, n: 2 }, when: { row: 'absent' } })
      expect(await table.get(key)).toEqual({ ...key, n: 2 })
    })

    it('an update of an expired row starts afresh', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, count: 41, old: true, expiresAt: seconds(-60) }))
      await table.write({ kind: 'update', key, add: { count: 1 } })
      expect(await table.get(key)).toEqual({ ...key, count: 1 })
    })

    it('a conditional update of an expired row is decided as on an absent one', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      const stale = { ...key, n: 1, old: true, expiresAt: seconds(-60) }
      await table.write(put(stale))
      const update = (when: Condition) => table.write({ kind: 'update', key, set: { n: 2 }, when })
      await expectFailure(update({ row: 'present' }), 'table.condition_failed')
      await expectFailure(update({ attribute: 'n', is: '=', value: 1 }), 'table.condition_failed')
      expect(await table.get(key)).toBeUndefined()
      for (const when of [{ row: 'absent' }, { attribute: 'n', is: '<>', value: 1 }] as const) {
        await table.write(put(stale))
        await update(when)
        expect(await table.get(key)).toEqual({ ...key, n: 2 })
      }
    })

    it('an update that gives an expired row a new expiry brings back nothing of the old', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, old: true, expiresAt: seconds(-60) }))
      const expiresAt = seconds(3600)
      await table.write({ kind: 'update', key, set: { expiresAt } })
      expect(await table.get(key)).toEqual({ ...key, expiresAt })
    })

    it('a conditional delete and a negative condition see an expired row as absent', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, n: 1, expiresAt: seconds(-60) }))
      const remove = { kind: 'delete', key, when: { row: 'present' } } as const
      await expectFailure(table.write(remove), 'table.condition_failed')
      const unlike = { attribute: 'n', is: '<>', value: 1 } as const
      await table.write({ kind: 'check', key, when: unlike })
      const either = {
        anyOf: [{ allOf: [{ row: 'present' }, unlike] }, { attribute: 'n', is: '>', value: 0 }],
      } as const
      await expectFailure(table.write({ kind: 'check', key, when: either }), 'table.condition_failed')
    })

    it('transactions start expired rows afresh, all of them or none', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const stale = ['a', 'b'].map((sk) => ({ pk, sk, n: 41, expiresAt: seconds(-60) }))
      await table.putMany([...stale, { pk, sk: 'alive', n: 41 }])
      const count = (sk: string, when?: Condition): WriteOperation => ({
        kind: 'update',
        key: { pk, sk },
        add: { n: 1 },
        ...(when === undefined ? {} : { when }),
      })
      const refused = table.transact([count('a'), count('b', { row: 'present' }), count('alive')])
      await expectFailure(refused, 'table.condition_failed')
      expect(await allItems(table, { pk, limit: 10 })).toEqual([{ pk, sk: 'alive', n: 41 }])
      await table.transact([count('a'), count('b', { row: 'absent' }), count('alive'), count('new')])
      expect(await allItems(table, { pk, limit: 10 })).toEqual([
        { pk, sk: 'a', n: 1 },
        { pk, sk: 'alive', n: 42 },
        { pk, sk: 'b', n: 1 },
        { pk, sk: 'new', n: 1 },
      ])
    })

    it('50 concurrent additions to an expired row are all counted, and nothing of the old', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, n: 41, expiresAt: seconds(-60) }))
      await Promise.all(Array.from({ length: 50 }, () => table.write({ kind: 'update', key, add: { n: 1 } })))
      expect(await table.get(key)).toEqual({ ...key, n: 50 })
    })

    it('an expiry that is not whole seconds is refused', async () => {
      for (const expiresAt of [1.5, -1, 0])
        await expectFailure(subject().table.write(put({ pk: 'p', sk: 's', expiresAt })), 'table.bad_request')
    })
  })
}
