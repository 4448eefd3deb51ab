import { describe, expect, it } from 'vitest'
import { expectFailure, freshName } from './contract-case.ts'
import { put, type TableSubject } from './table-subject.ts'

const KIB = 1024

export function describeItems(subject: () => TableSubject): void {
  describe('items', () => {
    it('a put item comes back as it was', async () => {
      const { table } = subject()
      const item = {
        pk: freshName('pk'),
        sk: 'sk',
        text: 'Zoë \u{1f4c5} "quoted" \\ \u0001 \n',
        empty: '',
        count: -12.5,
        large: 9_007_199_254_740_991,
        yes: true,
        no: false,
        nothing: null,
        list: [1, 'two', [null, { three: 3 }]],
        map: { 'a.b': { deep: 1, nested: [], none: {} } },
      }
      await table.write(put(item))
      expect(await table.get({ pk: item.pk, sk: 'sk' })).toEqual(item)
    })

    it('an absent row is undefined', async () => {
      expect(await subject().table.get({ pk: freshName('pk'), sk: 'none' })).toBeUndefined()
    })

    it('an attribute that is undefined is left out', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      await table.write(put({ pk, sk: 's', gone: undefined, kept: 1 }))
      expect(Object.keys((await table.get({ pk, sk: 's' })) ?? {}).toSorted()).toEqual(['kept', 'pk', 'sk'])
    })

    it('a put replaces the whole row', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      await table.write(put({ pk, sk: 's', old: 1 }))
      await table.write(put({ pk, sk: 's', new: 2 }))
      expect(await table.get({ pk, sk: 's' })).toEqual({ pk, sk: 's', new: 2 })
    })

    it('what the caller does to the object after the call is not stored', async () => {
      const { table } = subject()
      const item = { pk: freshName('pk'), sk: 's', list: [1] }
      const written = table.write(put(item))
      item.list.push(2)
      await written
      expect(await table.get(item)).toEqual({ pk: item.pk, sk: 's', list: [1] })
    })

    it('a delete removes the row, and deleting an absent row succeeds', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put(key))
      await table.write({ kind: 'delete', key })
      await table.write({ kind: 'delete', key })
      expect(await table.get(key)).toBeUndefined()
    })

    it('keys with every kind of character keep apart', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const keys = ['a#b', 'a', '#', 'ä', 'A', ' ', '%', "'", '\u{1f600}', '\uffee'].map((sk) => ({ pk, sk }))
      await table.putMany(keys.map((key) => ({ ...key, own: key.sk })))
      for (const key of keys) expect(await table.get(key)).toEqual({ ...key, own: key.sk })
    })

    it('another tenant neither sees, overwrites nor deletes the row', async () => {
      const { table, otherTenant } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, of: 'first' }))
      expect(await otherTenant.get(key)).toBeUndefined()
      expect((await otherTenant.query({ pk: key.pk, limit: 10 })).items).toEqual([])
      await otherTenant.write(put({ ...key, of: 'other' }))
      await otherTenant.write({ kind: 'delete', key })
      expect(await table.get(key)).toEqual({ ...key, of: 'first' })
    })

    for (const [what, item] of Object.entries({
      'an empty pk': { pk: '', sk: 's' },
      'an empty sk': { pk: 'p', sk: '' },
      'a pk over 2048 bytes': { pk: 'é'.repeat(1025), sk: 's' },
      'an sk over 1024 bytes': { pk: 'p', sk: 'é'.repeat(513) },
      'an empty index key': { pk: 'p', sk: 's', gsi1pk: '', gsi1sk: 'x' },
      'an empty index sort key': { pk: 'p', sk: 's', gsi2pk: 'x', gsi2sk: '' },
      'an index sort key over 1024 bytes': { pk: 'p', sk: 's', gsi1pk: 'x', gsi1sk: 'y'.repeat(1025) },
      'not-a-number': { pk: 'p', sk: 's', n: Number.NaN },
      infinity: { pk: 'p', sk: 's', deep: [{ n: Number.POSITIVE_INFINITY }] },
      'a number out of range': { pk: 'p', sk: 's', n: 1e126 },
      'a lone surrogate in a key': { pk: 'p\ud800', sk: 's' },
      'lists deeper than 32': { pk: 'p', sk: 's', deep: JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`) },
    }))
      it(`${what} is refused`, async () => {
        await expectFailure(subject().table.write(put(item)), 'table.bad_request')
        await expectFailure(subject().table.putMany([item]), 'table.bad_request')
      })

    it('the longest keys are taken', async () => {
      const key = { pk: freshName('p').padEnd(1900, 'x'), sk: 's'.repeat(1024) }
      await subject().table.write(put(key))
      expect(await subject().table.get(key)).toEqual(key)
    })

    it('an item just under 400 KB is taken and one over is not', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, body: 'x'.repeat(399 * KIB) }))
      expect(await table.get(key)).toMatchObject({ body: 'x'.repeat(399 * KIB) })
      await expectFailure(table.write(put({ ...key, body: 'x'.repeat(400 * KIB) })), 'table.item_too_large')
      await expectFailure(table.write(put({ ...key, body: 'é'.repeat(200 * KIB) })), 'table.item_too_large')
      await expectFailure(table.putMany([{ ...key, body: 'x'.repeat(400 * KIB) }]), 'table.item_too_large')
    })
  })

  describe('many items', () => {
    it('putMany writes any number and getMany reads up to 100', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const items = Array.from({ length: 260 }, (_, at) => ({ pk, sk: String(at).padStart(4, '0'), at }))
      await table.putMany(items)
      const asked = [...items.slice(160), { pk, sk: 'absent' }].slice(1)
      const read = await table.getMany(asked.map(({ sk }) => ({ pk, sk })))
      expect(read.toSorted((a, b) => (a.sk < b.sk ? -1 : 1))).toEqual(items.slice(161))
    })

    it('putMany and getMany of nothing do nothing', async () => {
      await subject().table.putMany([])
      expect(await subject().table.getMany([])).toEqual([])
    })

    it('of the same row twice in putMany the last stays', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      await table.putMany([1, 2, 3].map((n) => ({ pk, sk: 's', n })))
      expect(await table.get({ pk, sk: 's' })).toEqual({ pk, sk: 's', n: 3 })
    })

    it('one bad item in putMany keeps all from being written', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const items = [
        { pk, sk: 'good' },
        { pk, sk: 'bad', n: Number.NaN },
      ] as const
      await expectFailure(table.putMany(items), 'table.bad_request')
      expect(await table.get({ pk, sk: 'good' })).toBeUndefined()
    })

    it('the same key twice in getMany gives the row once', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put(key))
      expect(await table.getMany([key, { ...key }])).toEqual([key])
    })

    it('getMany refuses 101 keys and bad keys', async () => {
      const { table } = subject()
      const keys = Array.from({ length: 101 }, (_, at) => ({ pk: 'p', sk: `s${at}` }))
      await expectFailure(table.getMany(keys), 'table.bad_request')
      await expectFailure(table.getMany([{ pk: '', sk: 's' }]), 'table.bad_request')
      await expectFailure(table.get({ pk: 'p', sk: '' }), 'table.bad_request')
    })
  })
}
