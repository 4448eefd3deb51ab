import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'
import { assertBlobKey } from '../blob-key.ts'
import { blobPath, readName } from './blob-paths.ts'
import { createFileBlobs } from './file-blobs.ts'

const CHARACTERS = Array.from("ABZabz09!-_.*'()")
const FEW_CHARACTERS = ['A', 'a', '.', '!', '-', '0']
const segment = fc
  .string({ unit: fc.constantFrom(...CHARACTERS), minLength: 1, maxLength: 300 })
  .filter((text) => text !== '.' && text !== '..')
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-blobs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('every key has a path of names that any file system takes, and no other key has it', () => {
  fc.assert(
    fc.property(key, key, (one, other) => {
      fc.pre(one.length <= 900 && other.length <= 900)
      assertBlobKey(one)
      const path = blobPath(one)
      for (const name of path) {
        expect(name).toMatch(/^[fdc]=[a-z0-9_()!'.^-]*$/)
        expect(name.length).toBeLessThanOrEqual(210)
        expect(name).not.toMatch(/\.$/)
      }
      if (one !== other) expect(path.join('/')).not.toBe(blobPath(other).join('/'))
    }),
  )
})

it('a path reads back as its key', () => {
  fc.assert(
    fc.property(key, (one) => {
      const text = blobPath(one)
        .map((name) => {
          const read = readName(name)
          return read?.kind === 'folder' ? `${read.text}/` : read?.text
        })
        .join('')
      expect(text).toBe(one)
    }),
  )
})

it('lists any set of keys in byte order, from any prefix and page size', async () => {
  const blobs = await createFileBlobs({ folder, clock: createManualClock() })
  const short = fc
    .string({ unit: fc.constantFrom(...FEW_CHARACTERS), minLength: 1, maxLength: 3 })
    .filter((s) => !/^\.+$/.test(s))
  const shortKey = fc.array(short, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'))
  let round = 0
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(shortKey, { maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...FEW_CHARACTERS), maxLength: 2 }),
      fc.integer({ min: 1, max: 5 }),
      async (keys, start, limit) => {
        round += 1
        const stem = `r${round}/`
        for (const name of keys) await blobs.put(stem + name, Buffer.from('x'))
        const listed: string[] = []
        let cursor: string | undefined
        do {
          const page = await blobs.list(stem + start, { limit, ...(cursor === undefined ? {} : { cursor }) })
          listed.push(...page.blobs.map((blob) => blob.key))
          cursor = page.cursor
        } while (cursor !== undefined)
        const expected = keys.filter((name) => name.startsWith(start)).map((name) => stem + name)
        expect(listed).toEqual(expected.toSorted((a, b) => (a < b ? -1 : 1)))
      },
    ),
    { numRuns: 40 },
  )
})

it("removes a dead process's half-written files at start, leaves a living one's and files that are not ours", async () => {
  const clock = createManualClock()
  await createFileBlobs({ folder, clock })
  // No system hands out process ids this large.
  await writeFile(join(folder, 'incoming', '999999999-x'), 'half')
  await writeFile(join(folder, 'incoming', `${process.pid}-x`), 'being written')
  await writeFile(join(folder, 'objects', '.DS_Store'), 'not ours')
  const blobs = await createFileBlobs({ folder, clock })
  expect(await readdir(join(folder, 'incoming'))).toEqual([`${process.pid}-x`])
  expect(await blobs.list('', { limit: 10 })).toEqual({ blobs: [] })
})

it('a put leaves nothing half-written behind', async () => {
  const blobs = await createFileBlobs({ folder, clock: createManualClock() })
  await Promise.all(Array.from({ length: 10 }, (_, at) => blobs.put(`k${at % 3}`, Buffer.from('x'))))
  expect(await readdir(join(folder, 'incoming'))).toEqual([])
})
