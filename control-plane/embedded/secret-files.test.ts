import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keptSecret } from './secret-files.ts'

let file = ''
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'convoke-secret-')), 'session-secret.txt')
})
afterEach(() => rm(join(file, '..'), { recursive: true, force: true }))

it('is made once, for this user alone, and kept', async () => {
  expect(await keptSecret(file, () => 'first')).toEqual({ secret: 'first', isNew: true })
  expect(await keptSecret(file, () => 'second')).toEqual({ secret: 'first', isNew: false })
  expect(((await stat(file)).mode & 0o777).toString(8)).toBe('600')
})

it('is never empty: whoever was killed while writing has kept no secret', async () => {
  await writeFile(file, '')
  expect(await keptSecret(file, () => 'made')).toEqual({ secret: 'made', isNew: true })
  expect(await readFile(file, 'utf8')).toBe('made\n')
})
