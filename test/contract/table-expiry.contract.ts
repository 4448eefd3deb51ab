import { describe, expect, it } from 'vitest'
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

    it('an expiry that is not whole seconds is refused', async () => {
      for (const expiresAt of [1.5, -1, 0])
        await expectFailure(subject().table.write(put({ pk: 'p', sk: 's', expiresAt })), 'table.bad_request')
    })
  })
}
