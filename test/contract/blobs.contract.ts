import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Blobs } from '#shared/platform/blobs.ts'
import { describeBlobLists } from './blob-lists.contract.ts'
import { expectFailure, freshName } from './contract-case.ts'

export type BlobsSubject = {
  readonly blobs: Blobs
  /** Epoch milliseconds by the clock that `storedAt` is taken from. */
  readonly now: () => number
  readonly close: () => Promise<void>
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The Blobs port's promises; one subject serves all cases, each below a prefix of its own. */
export function describeBlobsContract(name: string, makeSubject: () => Promise<BlobsSubject>): void {
  describe(`Blobs contract: ${name}`, () => {
    let made: BlobsSubject | undefined
    beforeAll(async () => {
      made = await makeSubject()
    })
    afterAll(async () => {
      await made?.close()
    })
    function subject(): BlobsSubject {
      if (made === undefined) throw new Error('the subject was not made')
      return made
    }
    describeObjects(subject)
    describeBlobLists(() => subject().blobs)
  })
}

function describeObjects(subject: () => BlobsSubject): void {
  describe('objects', () => {
    it('every byte comes back', async () => {
      const { blobs } = subject()
      const key = `${freshName('b')}/raw.eml`
      const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256)
      await blobs.put(key, bytes)
      expect(Buffer.from(await blobs.get(key)).equals(bytes)).toBe(true)
    })

    it('an empty blob is a blob', async () => {
      const { blobs } = subject()
      const key = freshName('b')
      await blobs.put(key, new Uint8Array())
      expect((await blobs.get(key)).byteLength).toBe(0)
      expect(await blobs.head(key)).toMatchObject({ key, sizeBytes: 0 })
    })

    it('a second put replaces the first whole', async () => {
      const { blobs } = subject()
      const key = freshName('b')
      await blobs.put(key, bytesOf('a longer first'))
      await blobs.put(key, bytesOf('second'))
      expect(Buffer.from(await blobs.get(key)).toString()).toBe('second')
      expect((await blobs.head(key))?.sizeBytes).toBe(6)
    })

    it('head tells size and time, and undefined when there is none', async () => {
      const { blobs, now } = subject()
      const key = freshName('b')
      await blobs.put(key, bytesOf('12345'))
      const info = await blobs.head(key)
      expect(info).toMatchObject({ key, sizeBytes: 5 })
      expect(Math.abs((info?.storedAt ?? 0) - now())).toBeLessThan(60_000)
      expect(await blobs.head(freshName('none'))).toBeUndefined()
    })

    it('getting what is not there is not_found', async () => {
      await expectFailure(subject().blobs.get(freshName('none')), 'blob.not_found')
      await expectFailure(subject().blobs.get(`${freshName('none')}/deep/er`), 'blob.not_found')
    })

    it('a deleted blob is gone, and deleting it again succeeds', async () => {
      const { blobs } = subject()
      const key = `${freshName('b')}/x`
      await blobs.put(key, bytesOf('x'))
      await blobs.delete(key)
      await blobs.delete(key)
      await expectFailure(blobs.get(key), 'blob.not_found')
    })

    it('a key may be the beginning of another, at a slash and elsewhere', async () => {
      const { blobs } = subject()
      const stem = freshName('b')
      const keys = [stem, `${stem}/a`, `${stem}/a/b`, `${stem}/a.b`, `${stem}!`]
      for (const key of keys) await blobs.put(key, bytesOf(key))
      for (const key of keys) expect(Buffer.from(await blobs.get(key)).toString()).toBe(key)
      await blobs.delete(`${stem}/a`)
      expect(Buffer.from(await blobs.get(`${stem}/a/b`)).toString()).toBe(`${stem}/a/b`)
    })

    it('upper and lower case are different keys', async () => {
      const { blobs } = subject()
      const stem = freshName('b')
      await blobs.put(`${stem}/Key`, bytesOf('upper'))
      await blobs.put(`${stem}/key`, bytesOf('lower'))
      expect(Buffer.from(await blobs.get(`${stem}/Key`)).toString()).toBe('upper')
    })

    it('names that file systems reserve or dislike are plain keys', async () => {
      const { blobs } = subject()
      const stem = freshName('b')
      const keys = ['nul', 'con.txt', 'dot.', '*', '...', '.hidden', "it's(1)!", 'x'.repeat(700)].map(
        (k) => `${stem}/${k}`,
      )
      for (const key of keys) await blobs.put(key, bytesOf(key))
      for (const key of keys) expect(Buffer.from(await blobs.get(key)).toString()).toBe(key)
    })

    it('20 concurrent puts of one key leave one of them whole', async () => {
      const { blobs } = subject()
      const key = freshName('b')
      const contents = Array.from({ length: 20 }, (_, at) => String.fromCharCode(97 + at).repeat(5000 + at))
      await Promise.all(contents.map((content) => blobs.put(key, bytesOf(content))))
      expect(contents).toContain(Buffer.from(await blobs.get(key)).toString())
    })

    for (const key of [
      '',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      'a/../b',
      '../a',
      'a/./b',
      'a/..',
      'a\\b',
      'a b',
      'a\u0000b',
      'ä',
      'a:b',
      '%2e%2e/a',
      'x'.repeat(901),
    ])
      it(`the key ${JSON.stringify(key.slice(0, 12))} is refused by every call`, async () => {
        const { blobs } = subject()
        await expectFailure(blobs.put(key, bytesOf('x')), 'blob.bad_key')
        await expectFailure(blobs.get(key), 'blob.bad_key')
        await expectFailure(blobs.head(key), 'blob.bad_key')
        await expectFailure(blobs.delete(key), 'blob.bad_key')
      })
  })
}
