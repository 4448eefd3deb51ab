import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setImmediate as runSoon } from 'node:timers'
import { migrate } from './migrate.ts'
import { isMachineTrouble, StoreFailure, sqliteCode } from './store-failure.ts'

/** How long a call waits for another process's write lock before it answers `store.unavailable`. */
const BUSY_TIMEOUT_MILLISECONDS = 5000

/** One database file. Reads are synchronous and see committed rows only; writes of one tick share one commit. */
export type SqliteStore = {
  readonly file: string
  /** The prepared statement of this text, made once. */
  readonly prepare: (sql: string) => StatementSync
  /** Runs a reader; database trouble becomes `store.unavailable`. */
  readonly read: <T>(job: () => T) => T
  /** Runs a writer whole or not at all; resolves when it is on disk. */
  readonly write: <T>(job: () => T) => Promise<T>
  readonly close: () => Promise<void>
}

type Job = { readonly run: () => unknown; readonly settle: (outcome: Outcome) => void }
type Outcome = { readonly value: unknown } | { readonly error: unknown }

/**
 * Opens (and makes or migrates) a database; `file` may be `:memory:`.
 * WAL with synchronous=FULL syncs the log at every commit, so that a resolved write outlives kill -9 and power loss.
 */
export function openSqliteStore(options: {
  readonly file: string
  readonly busyTimeoutMilliseconds?: number
}): SqliteStore {
  const db = openDatabase(options.file, options.busyTimeoutMilliseconds ?? BUSY_TIMEOUT_MILLISECONDS)
  const statements = new Map<string, StatementSync>()
  let pending: Job[] = []
  let isClosed = false

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  function flush(): void {
    const jobs = pending
    pending = []
    if (jobs.length === 0) return
    try {
      const outcomes = commitTogether(db, prepare, jobs)
      jobs.forEach((job, at) => {
        job.settle(outcomes[at] ?? { error: new Error('a write job has no outcome') })
      })
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      for (const job of jobs) job.settle({ error: named(error) })
    }
  }

  return {
    file: options.file,
    prepare,
    read(job) {
      if (isClosed) throw StoreFailure.unavailable(`${options.file} is closed`)
      try {
        return job()
      } catch (error) {
        throw named(error)
      }
    },
    write<T>(job: () => T) {
      if (isClosed) return Promise.reject(StoreFailure.unavailable(`${options.file} is closed`))
      return new Promise<T>((resolve, reject) => {
        let value: { readonly of: T } | undefined
        const run = (): void => {
          value = { of: job() }
        }
        const settle = (outcome: Outcome): void => {
          if ('error' in outcome) reject(named(outcome.error))
          else if (value !== undefined) resolve(value.of)
        }
        if (pending.length === 0) runSoon(flush)
        pending.push({ run, settle })
      })
    },
    async close() {
      if (isClosed) return
      isClosed = true
      flush()
      db.close()
    },
  }
}

/** One transaction for all jobs; each in its own savepoint, so that one's refusal leaves the others whole. */
function commitTogether(
  db: DatabaseSync,
  prepare: (sql: string) => StatementSync,
  jobs: readonly Job[],
): readonly Outcome[] {
  prepare('BEGIN IMMEDIATE').run()
  const outcomes = jobs.map((job): Outcome => {
    prepare('SAVEPOINT job').run()
    try {
      const value = job.run()
      prepare('RELEASE job').run()
      return { value }
    } catch (error) {
      // SQLite itself rolls the whole transaction back on a full disk or an input/output error.
      if (!db.isTransaction) throw error
      prepare('ROLLBACK TO job').run()
      prepare('RELEASE job').run()
      return { error }
    }
  })
  prepare('COMMIT').run()
  return outcomes
}

function openDatabase(file: string, timeout: number): DatabaseSync {
  const db = connect(file, timeout)
  try {
    // fullfsync: macOS's plain fsync does not reach the platter.
    db.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON')
    db.exec('PRAGMA journal_mode = WAL; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY')
    migrate(db, file)
    return db
  } catch (error) {
    db.close()
    // 26 is SQLITE_NOTADB.
    if (sqliteCode(error) === 26) throw StoreFailure.foreign_file(`${file} is not a database`, { cause: error })
    throw named(error)
  }
}

function connect(file: string, timeout: number): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout })
  } catch (error) {
    throw isMachineTrouble(error) ? StoreFailure.unavailable(`${file} cannot be opened`, { cause: error }) : error
  }
}

function named(error: unknown): unknown {
  if (!isMachineTrouble(error)) return error
  return StoreFailure.unavailable('the database cannot be used now', { cause: error })
}
