import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from './migrate.ts'
import { MIGRATIONS } from './schema.ts'
import { columnNumber } from './sqlite-row.ts'
import { openSqliteStore, type SqliteStore } from './sqlite-store.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'convoke-store-'))
  file = join(folder, 'tenant.sqlite')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function pragma(store: SqliteStore, name: string): unknown {
  return Object.values(store.prepare(`PRAGMA ${name}`).get() ?? {})[0]
}

describe('opening', () => {
  it('syncs every commit: WAL with synchronous=FULL', async () => {
    const store = openSqliteStore({ file })
    expect(pragma(store, 'journal_mode')).toBe('wal')
    expect(pragma(store, 'synchronous')).toBe(2)
    expect(pragma(store, 'user_version')).toBe(MIGRATIONS.length)
    await store.close()
  })

  it('an existing file keeps its rows', async () => {
    const first = openSqliteStore({ file })
    await first.write(() =>
      first.prepare("INSERT INTO rows (pk, sk, item_bytes, item) VALUES ('p', 's', 2, '{}')").run(),
    )
    await first.close()
    const second = openSqliteStore({ file })
    expect(columnNumber(second.prepare('SELECT count(*) AS n FROM rows').get(), 'n')).toBe(1)
    await second.close()
  })

  it('a newer file is refused by name and versions, and left as it is', async () => {
    const store = openSqliteStore({ file })
    store.prepare('PRAGMA user_version = 99').run()
    await store.close()
    expect(() => openSqliteStore({ file })).toThrow(expect.objectContaining({ code: 'store.newer_schema' }))
    expect(() => openSqliteStore({ file })).toThrow(`${file} has schema 99, this version knows ${MIGRATIONS.length}`)
  })

  it("another program's database and a file that is none are refused", async () => {
    const foreign = new DatabaseSync(file)
    foreign.exec('CREATE TABLE theirs (x)')
    foreign.close()
    expect(() => openSqliteStore({ file })).toThrow(expect.objectContaining({ code: 'store.foreign_file' }))
    const text = join(folder, 'notes.txt')
    await writeFile(text, 'this is not a database, '.repeat(100))
    expect(() => openSqliteStore({ file: text })).toThrow(expect.objectContaining({ code: 'store.foreign_file' }))
  })

  it('a folder that is not there is unavailable', () => {
    expect(() => openSqliteStore({ file: join(folder, 'none', 'x') })).toThrow(
      expect.objectContaining({ code: 'store.unavailable' }),
    )
  })

  it('migrations run in order, once, and a failing one leaves the file as it was', () => {
    const db = new DatabaseSync(file)
    const one = 'CREATE TABLE a (x); INSERT INTO a VALUES (1)'
    const two = 'UPDATE a SET x = x + 1'
    migrate(db, file, [one])
    migrate(db, file, [one])
    expect(() => migrate(db, file, [one, two, 'nonsense'])).toThrow('nonsense')
    expect(db.prepare('SELECT x FROM a').get()).toMatchObject({ x: 1 })
    migrate(db, file, [one, two])
    expect(db.prepare('SELECT x FROM a').get()).toMatchObject({ x: 2 })
    db.close()
  })
})

describe('writing', () => {
  const insert = "INSERT INTO rows (pk, sk, item_bytes, item) VALUES (?, 's', 2, '{}')"

  it('of jobs that share a commit, a failing one leaves the others whole and itself undone', async () => {
    const store = openSqliteStore({ file })
    const outcomes = await Promise.allSettled([
      store.write(() => store.prepare(insert).run('a')),
      store.write(() => {
        store.prepare(insert).run('b')
        throw new Error('changed my mind')
      }),
      store.write(() => store.prepare(insert).run('a')),
      store.write(() => {
        store.prepare(insert).run('c')
        return 'done'
      }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(outcomes[3]).toMatchObject({ value: 'done' })
    const keys = store
      .prepare('SELECT pk FROM rows ORDER BY pk')
      .all()
      .map(({ pk }) => pk)
    expect(keys).toEqual(['a', 'c'])
    await store.close()
  })

  it('a mistake of ours is not disguised as unavailable', async () => {
    const store = openSqliteStore({ file })
    await expect(store.write(() => store.prepare('SELECT nonsense').run())).rejects.not.toHaveProperty('status')
    await store.close()
  })

  it('nothing is seen before it is committed', async () => {
    const store = openSqliteStore({ file })
    const written = store.write(() => store.prepare(insert).run('a'))
    expect(store.prepare('SELECT * FROM rows').all()).toEqual([])
    await written
    expect(store.prepare('SELECT * FROM rows').all()).toHaveLength(1)
    await store.close()
  })

  it('closing finishes what was begun, later writes are unavailable, closing twice is fine', async () => {
    const store = openSqliteStore({ file })
    const written = store.write(() => store.prepare(insert).run('a'))
    await store.close()
    await written
    await store.close()
    await expect(store.write(() => undefined)).rejects.toMatchObject({ code: 'store.unavailable' })
    const again = openSqliteStore({ file })
    expect(again.prepare('SELECT * FROM rows').all()).toHaveLength(1)
    await again.close()
  })

  it('a database locked by another for too long is unavailable, and fine afterwards', async () => {
    const store = openSqliteStore({ file, busyTimeoutMilliseconds: 20 })
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    await expect(store.write(() => store.prepare(insert).run('a'))).rejects.toMatchObject({ code: 'store.unavailable' })
    other.exec('COMMIT')
    other.close()
    await store.write(() => store.prepare(insert).run('a'))
    await store.close()
  })
})
