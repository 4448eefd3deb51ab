import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isMissing } from './file-error.ts'
import { StoreFailure, sqliteCode } from './store-failure.ts'

export type OwnerLock = { readonly release: () => void }

/** For this user alone: what people answered and the mails to them lie in it. A folder that is there keeps its mode. */
const PRIVATE = 0o700

/** SQLITE_BUSY: another connection holds the lock. */
const BUSY = 5

/**
 * Makes this process the one owner of a data folder until it ends or releases; `store.folder_in_use` names the other.
 * The lock is SQLite's own file lock, which the system drops with the process however it dies, so none is ever stale.
 * `owner.pid` beside it only tells people who holds it. Nothing else may open `owner.lock`: closing any handle of
 * this process on it would drop the lock (POSIX fcntl locks).
 */
export function lockDataFolder(folder: string): OwnerLock {
  mkdirSync(folder, { recursive: true, mode: PRIVATE })
  const pidFile = join(folder, 'owner.pid')
  const db = new DatabaseSync(join(folder, 'owner.lock'), { timeout: 0 })
  try {
    // The lock of a rollback journal covers the whole file from the first statement on.
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (sqliteCode(error) !== BUSY) throw StoreFailure.unavailable(`${folder} cannot be locked`, { cause: error })
    throw StoreFailure.folder_in_use(`${folder} is in use by process ${readPid(pidFile)}`, { cause: error })
  }
  writeFileSync(pidFile, `${process.pid}\n`)
  let isHeld = true
  return {
    release() {
      if (!isHeld) return
      isHeld = false
      db.close()
    },
  }
}

function readPid(pidFile: string): string {
  try {
    return /^\d+/.exec(readFileSync(pidFile, 'utf8'))?.[0] ?? 'unknown'
  } catch (error) {
    if (isMissing(error)) return 'unknown'
    throw error
  }
}
