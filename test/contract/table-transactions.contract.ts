import { describe, expect, it } from 'vitest'
import type { WriteOperation } from '#shared/platform/table.ts'
import { expectFailure, freshName } from './contract-case.ts'
import { put, type TableSubject } from './table-subject.ts'

export function describeTransactions(subject: () => TableSubject): void {
  describe('transactions', () => {
    it('all four kinds happen together', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      await table.putMany([
        { pk, sk: 'deleted' },
        { pk, sk: 'updated', n: 1 },
        { pk, sk: 'checked', ok: true },
      ])
      await table.transact([
        put({ pk, sk: 'put' }),
        { kind: 'delete', key: { pk, sk: 'deleted' } },
        { kind: 'update', key: { pk, sk: 'updated' }, add: { n: 1 } },
        { kind: 'check', key: { pk, sk: 'checked' }, when: { attribute: 'ok', is: '=', value: true } },
      ])
      const { items } = await table.query({ pk, limit: 10 })
      expect(items).toEqual([
        { pk, sk: 'checked', ok: true },
        { pk, sk: 'put' },
        { pk, sk: 'updated', n: 2 },
      ])
    })

    for (const at of [0, 1, 2])
      it(`a condition failing at operation ${at} of 3 writes nothing`, async () => {
        const { table } = subject()
        const pk = freshName('pk')
        const operations = ['a', 'b', 'c'].map(
          (sk, index): WriteOperation => ({
            kind: 'put',
            item: { pk, sk },
            when: { row: index === at ? 'present' : 'absent' },
          }),
        )
        await expectFailure(table.transact(operations), 'table.condition_failed')
        expect((await table.query({ pk, limit: 10 })).items).toEqual([])
      })

    it('a failing check writes nothing', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const call = table.transact([
        { kind: 'update', key: { pk, sk: 'counter' }, add: { n: 1 } },
        { kind: 'check', key: { pk, sk: 'fence' }, when: { row: 'present' } },
      ])
      await expectFailure(call, 'table.condition_failed')
      expect(await table.get({ pk, sk: 'counter' })).toBeUndefined()
    })

    it('an update refused in the middle writes nothing', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      await table.write(put({ pk, sk: 'text', t: 'x' }))
      const call = table.transact([put({ pk, sk: 'a' }), { kind: 'update', key: { pk, sk: 'text' }, add: { t: 1 } }])
      await expectFailure(call, 'table.bad_request')
      expect(await table.get({ pk, sk: 'a' })).toBeUndefined()
    })

    it('100 operations are taken, 101 and none are not', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const operations = Array.from({ length: 101 }, (_, at) => put({ pk, sk: `s${at}` }))
      await table.transact(operations.slice(0, 100))
      await expectFailure(table.transact(operations), 'table.bad_request')
      await expectFailure(table.transact([]), 'table.bad_request')
      expect((await table.query({ pk, limit: 1000 })).items).toHaveLength(100)
    })

    it('the same row twice is refused, also as check and write', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      const check: WriteOperation = { kind: 'check', key, when: { row: 'absent' } }
      await expectFailure(table.transact([put(key), put(key)]), 'table.bad_request')
      await expectFailure(table.transact([check, put(key)]), 'table.bad_request')
      expect(await table.get(key)).toBeUndefined()
    })

    it('over 4 MB together is refused and writes nothing', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const body = 'x'.repeat(390 * 1024)
      const operations = Array.from({ length: 11 }, (_, at) => put({ pk, sk: `s${at}`, body }))
      await expectFailure(table.transact(operations), 'table.bad_request')
      expect((await table.query({ pk, limit: 1 })).items).toEqual([])
      await table.transact(operations.slice(0, 10))
    })

    it('one item over 400 KB refuses the whole', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const call = table.transact([put({ pk, sk: 'a' }), put({ pk, sk: 'b', body: 'x'.repeat(401 * 1024) })])
      await expectFailure(call, 'table.item_too_large')
      expect(await table.get({ pk, sk: 'a' })).toBeUndefined()
    })

    it('racing transactions on the same rows never mix', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const racers = Array.from({ length: 12 }, (_, by) =>
        table.transact(
          ['a', 'b'].map((sk) => ({ kind: 'put', item: { pk, sk, by }, when: { row: 'absent' } }) as const),
        ),
      )
      const outcomes = await Promise.allSettled(racers)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(['table.condition_failed', 'table.conflict']).toContain(outcome.reason.code)
      const [a, b] = (await table.query({ pk, limit: 10 })).items
      expect(a?.by).toBe(b?.by)
      expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    })

    it('two transactions racing on one row end done, in conflict or refused, and nothing is half written', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      await table.write(put({ pk, sk: 'shared', version: 0 }))
      let version = 0
      for (let race = 0; race < 10; race += 1) {
        const racers = ['left', 'right'].map((by) =>
          table.transact([
            {
              kind: 'update',
              key: { pk, sk: 'shared' },
              add: { version: 1 },
              when: { attribute: 'version', is: '=', value: version },
            },
            put({ pk, sk: `${race}-${by}` }),
          ]),
        )
        const outcomes = await Promise.allSettled(racers)
        for (const outcome of outcomes)
          if (outcome.status === 'rejected')
            expect(['table.condition_failed', 'table.conflict']).toContain(outcome.reason.code)
        const winners = outcomes.flatMap(({ status }, at) => (status === 'fulfilled' ? [['left', 'right'][at]] : []))
        expect(winners.length).toBeLessThanOrEqual(1)
        version += winners.length
        expect(await table.get({ pk, sk: 'shared' })).toEqual({ pk, sk: 'shared', version })
        const { items } = await table.query({ pk, sk: { beginsWith: `${race}-` }, limit: 10 })
        expect(items.map(({ sk }) => sk)).toEqual(winners.map((by) => `${race}-${by}`))
      }
    })
  })
}
