import { describe, expect, it } from 'vitest'
import type { Condition } from '#shared/platform/table.ts'
import { expectFailure, freshName } from './contract-case.ts'
import { put, type TableSubject } from './table-subject.ts'

/** Held against {n: 5, s: 'b', t: true, z: null, '\uffee' < '\u{10000}'}; the last column against an absent row. */
const CASES: readonly (readonly [string, Condition, onRow: boolean, onAbsent: boolean])[] = [
  ['row present', { row: 'present' }, true, false],
  ['row absent', { row: 'absent' }, false, true],
  ['attribute present', { attribute: 'n', is: 'present' }, true, false],
  ['attribute absent', { attribute: 'n', is: 'absent' }, false, true],
  ['missing attribute absent', { attribute: 'none', is: 'absent' }, true, true],
  ['null attribute is present', { attribute: 'z', is: 'present' }, true, false],
  ['the key is an attribute', { attribute: 'sk', is: '=', value: 's' }, true, false],
  ['inherited names are not attributes', { attribute: 'constructor', is: 'absent' }, true, true],
  ['number =', { attribute: 'n', is: '=', value: 5 }, true, false],
  ['number = other', { attribute: 'n', is: '=', value: 6 }, false, false],
  ['number = text', { attribute: 'n', is: '=', value: '5' }, false, false],
  ['number <>', { attribute: 'n', is: '<>', value: 6 }, true, true],
  ['number <> same', { attribute: 'n', is: '<>', value: 5 }, false, true],
  ['number <> text', { attribute: 'n', is: '<>', value: '5' }, true, true],
  ['number <', { attribute: 'n', is: '<', value: 5.5 }, true, false],
  ['number < same', { attribute: 'n', is: '<', value: 5 }, false, false],
  ['number <=', { attribute: 'n', is: '<=', value: 5 }, true, false],
  ['number >', { attribute: 'n', is: '>', value: 4 }, true, false],
  ['number > same', { attribute: 'n', is: '>', value: 5 }, false, false],
  ['number >=', { attribute: 'n', is: '>=', value: 5 }, true, false],
  ['number < text', { attribute: 'n', is: '<', value: '9' }, false, false],
  ['text <', { attribute: 's', is: '<', value: 'c' }, true, false],
  ['text > capital', { attribute: 's', is: '>', value: 'Z' }, true, false],
  ['text by UTF-8, not UTF-16', { attribute: 'u', is: '<', value: '\u{10000}' }, true, false],
  ['boolean =', { attribute: 't', is: '=', value: true }, true, false],
  ['boolean <>', { attribute: 't', is: '<>', value: true }, false, true],
  ['null has no order', { attribute: 'z', is: '<', value: 1 }, false, false],
  [
    'allOf',
    {
      allOf: [
        { attribute: 'n', is: '=', value: 5 },
        { attribute: 's', is: '=', value: 'b' },
      ],
    },
    true,
    false,
  ],
  ['allOf with one wrong', { allOf: [{ row: 'present' }, { attribute: 's', is: '=', value: 'x' }] }, false, false],
  ['anyOf', { anyOf: [{ row: 'absent' }, { attribute: 'n', is: '<', value: 6 }] }, true, true],
  ['anyOf with all wrong', { anyOf: [{ row: 'absent' }, { attribute: 'n', is: '>', value: 6 }] }, false, true],
  [
    'nested',
    { allOf: [{ anyOf: [{ attribute: 's', is: '=', value: 'x' }, { row: 'present' }] }, { row: 'present' }] },
    true,
    false,
  ],
]

const REFUSED: readonly (readonly [string, Condition])[] = [
  ['an empty allOf', { allOf: [] }],
  ['an empty anyOf', { anyOf: [] }],
  ['booleans in order', { attribute: 't', is: '<', value: true }],
  ['not-a-number', { attribute: 'n', is: '=', value: Number.NaN }],
  ['over 70 tests', { allOf: Array.from({ length: 71 }, () => ({ attribute: 'n', is: '<>', value: 1 }) as const) }],
  ['an empty attribute name', { attribute: '', is: 'present' }],
]

export function describeConditions(subject: () => TableSubject): void {
  describe('conditions', () => {
    const row = { n: 5, s: 'b', t: true, z: null, u: '\uffee' }

    for (const [name, when, onRow, onAbsent] of CASES)
      it(`${name}: ${onRow ? 'holds' : 'fails'} on the row, ${onAbsent ? 'holds' : 'fails'} on none`, async () => {
        const { table } = subject()
        const pk = freshName('pk')
        const present = { pk, sk: 's', ...row }
        await table.write(put(present))
        for (const [sk, holds] of [
          ['s', onRow],
          ['absent', onAbsent],
        ] as const) {
          const before = await table.get({ pk, sk })
          const call = table.write({ kind: 'put', item: { pk, sk, written: 1 }, when })
          if (holds) await call
          else await expectFailure(call, 'table.condition_failed')
          expect(await table.get({ pk, sk })).toEqual(holds ? { pk, sk, written: 1 } : before)
        }
      })

    for (const [name, when] of REFUSED)
      it(`${name} is refused`, async () => {
        const key = { pk: freshName('pk'), sk: 's' }
        await expectFailure(subject().table.write({ kind: 'put', item: key, when }), 'table.bad_request')
        await expectFailure(subject().table.write({ kind: 'delete', key, when }), 'table.bad_request')
      })

    it('the longest condition is taken, also of an attribute whose name is a reserved word', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      const allOf = Array.from({ length: 70 }, (_, at) => ({ attribute: `name ${at}`, is: '<>', value: at }) as const)
      await table.write({ kind: 'put', item: { ...key, name: 1, 'a.b': 2 }, when: { allOf } })
      const reserved = [
        { attribute: 'name', is: '=', value: 1 },
        { attribute: 'a.b', is: '=', value: 2 },
      ] as const
      await table.write({ kind: 'delete', key, when: { allOf: reserved } })
      expect(await table.get(key)).toBeUndefined()
    })

    it("the key's own text is compared, not the stored one", async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, gsi1pk: 'of', gsi1sk: '1' }))
      const when = {
        allOf: [
          { attribute: 'pk', is: '=', value: key.pk },
          { attribute: 'gsi1pk', is: '>=', value: 'of' },
          { attribute: 'gsi1pk', is: '<', value: 'og' },
        ],
      } as const
      await table.write({ kind: 'check', key, when })
    })

    it('a conditional delete deletes only when it holds', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await table.write(put({ ...key, fence: 2 }))
      const remove = (value: number) =>
        table.write({ kind: 'delete', key, when: { attribute: 'fence', is: '=', value } })
      await expectFailure(remove(1), 'table.condition_failed')
      expect(await table.get(key)).toBeDefined()
      await remove(2)
      expect(await table.get(key)).toBeUndefined()
    })

    it('a check alone changes nothing', async () => {
      const { table } = subject()
      const key = { pk: freshName('pk'), sk: 's' }
      await expectFailure(table.write({ kind: 'check', key, when: { row: 'present' } }), 'table.condition_failed')
      await table.write({ kind: 'check', key, when: { row: 'absent' } })
      expect(await table.get(key)).toBeUndefined()
    })

    it('of many racing to make a row, exactly one does', async () => {
      const { table } = subject()
      const pk = freshName('pk')
      const racers = Array.from({ length: 20 }, (_, racer) =>
        table.write({ kind: 'put', item: { pk, sk: 's', racer }, when: { row: 'absent' } }),
      )
      const outcomes = await Promise.allSettled(racers)
      const winners = outcomes.flatMap(({ status }, racer) => (status === 'fulfilled' ? [racer] : []))
      expect(winners).toHaveLength(1)
      expect(await table.get({ pk, sk: 's' })).toEqual({ pk, sk: 's', racer: winners[0] })
    })
  })
}
