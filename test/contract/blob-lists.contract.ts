import { describe, expect, it } from 'vitest'
import type { Blobs } from '#shared/platform/blobs.ts'
import { expectFailure, freshName } from './contract-case.ts'

/** In the order of their bytes, which is the order of a list. */
const NAMES = [
  'A',
  'a',
  'a!',
  'a-1/x',
  'a.b',
  'a/1',
  'a/10',
  'a/2/deep/er',
  'a/B',
  'a/b',
  'a0',
  `b${'x'.repeat(400)}`,
  `b${'x'.repeat(400)}!`,
  `b${'x'.repeat(400)}/c`,
  `b${'x'.repeat(401)}`,
  'c',
]

const bytes = Uint8Array.from([1, 2, 3])

export function describeBlobLists(blobs: () => Blobs): void {
  async function stored(names: readonly string[]): Promise<string> {
    const stem = freshName('list')
    for (const name of names.toReversed()) await blobs().put(`${stem}/${name}`, bytes)
    return `${stem}/`
  }

  async function pages(prefix: string, limit: number): Promise<readonly (readonly string[])[]> {
    const all: string[][] = []
    let cursor: string | undefined
    do {
      const page = await blobs().list(prefix, { limit, ...(cursor === undefined ? {} : { cursor }) })
      all.push(page.blobs.map(({ key }) => key))
      cursor = page.cursor
    } while (cursor !== undefined)
    return all
  }

  describe('lists', () => {
    for (const limit of [1, 3, 1000])
      it(`every key once and in byte order, by pages of ${limit}`, async () => {
        const stem = await stored(NAMES)
        const listed = await pages(stem, limit)
        expect(listed.flat()).toEqual(NAMES.map((name) => stem + name))
        expect(listed.every((page) => page.length <= limit)).toBe(true)
      })

    it('a prefix may end anywhere', async () => {
      const stem = await stored(NAMES)
      const listed = async (prefix: string): Promise<readonly string[]> =>
        (await pages(stem + prefix, 2)).flat().map((key) => key.slice(stem.length))
      expect(await listed('a/')).toEqual(['a/1', 'a/10', 'a/2/deep/er', 'a/B', 'a/b'])
      expect(await listed('a/1')).toEqual(['a/1', 'a/10'])
      expect(await listed('a/2/d')).toEqual(['a/2/deep/er'])
      expect(await listed(`b${'x'.repeat(300)}`)).toEqual(NAMES.filter((name) => name.startsWith('bx')))
      expect(await listed('none')).toEqual([])
      expect(await listed('a/none/deeper')).toEqual([])
    })

    it('a list tells size and time', async () => {
      const stem = await stored(['one'])
      const {
        blobs: [first],
      } = await blobs().list(stem, { limit: 5 })
      expect(first).toEqual(await blobs().head(`${stem}one`))
      expect(first?.sizeBytes).toBe(3)
    })

    it('deleted keys are not listed', async () => {
      const stem = await stored(['a', 'b/c', 'd'])
      await blobs().delete(`${stem}b/c`)
      expect((await pages(stem, 10)).flat()).toEqual([`${stem}a`, `${stem}d`])
    })

    it('keys put and deleted between pages neither repeat nor hide the others', async () => {
      const stem = await stored(['b', 'd', 'f', 'h'])
      const first = await blobs().list(stem, { limit: 2 })
      expect(first.cursor).toBeDefined()
      await blobs().delete(`${stem}d`)
      await blobs().put(`${stem}a`, bytes)
      await blobs().put(`${stem}e`, bytes)
      const rest = await blobs().list(stem, { limit: 10, cursor: first.cursor ?? '' })
      expect(rest.blobs.map(({ key }) => key)).toEqual(['e', 'f', 'h'].map((name) => stem + name))
    })

    it('a bad limit, prefix or cursor is refused', async () => {
      const stem = await stored(['a', 'b'])
      for (const limit of [0, 1001, 2.5]) await expectFailure(blobs().list(stem, { limit }), 'blob.bad_request')
      for (const prefix of ['/', '../', 'a//', 'ä', 'a/../b', 'x'.repeat(901)])
        await expectFailure(blobs().list(prefix, { limit: 1 }), 'blob.bad_key')
      const { cursor = '' } = await blobs().list(stem, { limit: 1 })
      expect(cursor).not.toBe('')
      await expectFailure(blobs().list(`${stem}a`, { limit: 1, cursor }), 'blob.bad_cursor')
      for (const bad of ['', 'x', 'W10', cursor.slice(2), 'é'])
        await expectFailure(blobs().list(stem, { limit: 1, cursor: bad }), 'blob.bad_cursor')
    })
  })
}
