import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ambientReads } from './ambient-reads.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** Product files under `folders`, tests left out, as paths from the root with what each takes from around it. */
function readsUnder(
  folders: readonly string[],
): readonly { readonly path: string; readonly reads: readonly string[] }[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|tsx|mts)$/.test(name) && !/\.test\.tsx?$|\.d\.ts$/.test(name))
      .map((name) => ({
        path: `${folder}/${name}`,
        reads: ambientReads(readFileSync(join(root, folder, name), 'utf8')),
      })),
  )
}

/** Who may read the environment: composition roots and what a process starts with. */
const ENTRIES = [
  /^(tenant-stack|control-plane)\/wire(-[a-z]+)?\.ts$/,
  /^(tenant-stack|control-plane)\/(handlers|embedded)\//,
]

describe('what a file takes from around it', () => {
  it.each([
    ['const a = process.env.HOME', ['process.env', 'process.env.HOME']],
    ["const a = process['env']", ['process.env']],
    ['const a = globalThis.process.env', ['process', 'process.env']],
    ['const { env: e } = process', ['process.env']],
    ["import { env } from 'node:process'", ['process.env']],
    ["import * as p from 'process'", ['process.env']],
    ['const a = (process as never).env', ['process.env']],
    ['const a = Date.now()', ['Date.now']],
    ['const a = new Date()', ['new Date()']],
    ['const a = Date()', ['Date()']],
    ['const { now } = Date', ['Date.now']],
    ['const a = Math.random()', ['Math.random']],
    ['const a = crypto.randomUUID()', ['crypto.randomUUID']],
    ['const a = performance.now()', ['performance.now']],
    ['const a = Temporal.Now.instant()', ['Temporal.Now.instant', 'Temporal.Now']],
    ['setTimeout(() => 1, 5)', ['setTimeout()']],
    ["const a = fetch('https://example.com')", ['fetch()']],
    ['const a = new Date(5)', []],
    ['const a = ctx.clock.now()', []],
    ['const a = Math.max(1, 2)', []],
    ["const a = 'process.env.HOME' // Date.now()", []],
  ])('is seen in `%s`', (text, expected) => {
    expect(new Set(ambientReads(text))).toEqual(new Set(expected))
  })

  it('is the environment only in wire.ts and entries', () => {
    const readers = readsUnder(['shared', 'tenant-stack', 'control-plane'])
      .filter(({ reads }) => reads.some((name) => /^process\.env(\.|$)/.test(name)))
      .map(({ path }) => path)
    expect(readers.filter((path) => !ENTRIES.some((entry) => entry.test(path)))).toEqual([])
  })

  it('is nothing at all where decisions are made: core and iTIP', () => {
    const files = readsUnder(['tenant-stack/core', 'control-plane/core', 'shared/itip'])
    expect(files.filter(({ reads }) => reads.length > 0)).toEqual([])
    expect(files.length).toBeGreaterThan(5)
  })
})
