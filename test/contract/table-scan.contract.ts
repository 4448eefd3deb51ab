import { describe, expect, it } from 'vitest'
import { expectFailure, freshName } from './contract-case.ts'
import type { TableSubject } from './table-subject.ts'

export function describeScan(subject: () => TableSubject): void {
  describe('scan', () => {
    /** Keys of every row whose partition is named so. */
    async function scanned(name: string, limit: number): Promise<readonly string[]> {
      const keys: string[] = []
      let cursor: string | undefined
      do {
        const page = await subject().table.scan({ limit, ...(cursor === undefined ? {} : { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        keys.push(...page.items.filter(({ pk }) => pk.startsWith(name)).map(({ pk, sk }) => `${pk} ${sk}`))
        cursor = page.cursor
      } while (cursor !== undefined)
      return keys.toSorted()
    }

    it('gives every row of every partition once, in pages', async () => {
      const name = freshName('scan')
      const rows = Array.from({ length: 12 }, (_, at) => ({ pk: `${name}${at % 4}`, sk: `s${100 + at}` }))
      await subject().table.putMany(rows)
      expect(await scanned(name, 5)).toEqual(rows.map(({ pk, sk }) => `${pk} ${sk}`).toSorted())
    })

    it('leaves out a row past its time, and what was deleted', async () => {
      const name = freshName('scan')
      await subject().table.putMany([
        { pk: name, sk: 'a', expiresAt: 1 },
        { pk: name, sk: 'b' },
        { pk: name, sk: 'c' },
      ])
      await subject().table.write({ kind: 'delete', key: { pk: name, sk: 'c' } })
      expect(await scanned(name, 100)).toEqual([`${name} b`])
    })

    it('refuses a cursor of something else, and a page of nothing', async () => {
      const { table } = subject()
      await expectFailure(table.scan({ limit: 5, cursor: 'nonsense' }), 'table.bad_cursor')
      await expectFailure(table.scan({ limit: 0 }), 'table.bad_request')
    })
  })
}
