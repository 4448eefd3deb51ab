import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockDataFolder } from './owner-lock.ts'

const CHILD = fileURLToPath(import.meta.resolve('#test/harness/platform/durability-child.ts'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('a second owner is refused by folder and process id, and may come after a release', () => {
  const lock = lockDataFolder(folder)
  expect(() => lockDataFolder(folder)).toThrow(`${folder} is in use by process ${process.pid}`)
  expect(() => lockDataFolder(folder)).toThrow(expect.objectContaining({ code: 'store.folder_in_use' }))
  lock.release()
  lock.release()
  lockDataFolder(folder).release()
})

it('a folder that it makes is for its owner alone: mails and answers of people lie in it', async () => {
  lockDataFolder(join(folder, 'data', 'control')).release()
  for (const made of ['data', 'data/control'])
    expect(((await stat(join(folder, made))).mode & 0o777).toString(8)).toBe('700')
})

it('two folders have two owners', () => {
  const first = lockDataFolder(join(folder, 'a'))
  lockDataFolder(join(folder, 'b')).release()
  first.release()
})

it('a pid file left behind by a crash, even of a living process id, does not lock', async () => {
  await writeFile(join(folder, 'owner.pid'), '1\n')
  lockDataFolder(folder).release()
})

it('another process holds it until it is killed, and not longer', async () => {
  for (let round = 0; round < 2; round += 1) {
    const child = spawn(process.execPath, [CHILD, folder, 'lock'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exited = once(child, 'exit')
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    expect(line).toBe(String(child.pid))
    expect(() => lockDataFolder(folder)).toThrow(`${folder} is in use by process ${child.pid}`)
    child.kill('SIGKILL')
    await exited
    lockDataFolder(folder).release()
  }
})
