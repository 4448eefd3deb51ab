import type { Clock } from '../small-ports.ts'
import type { SqliteStore } from './sqlite-store.ts'

/** Removes up to `max` rows past their `expiresAt`, of every tenant in the file; answers how many. */
export function removeExpiredRows(store: SqliteStore, clock: Clock, max = 1000): Promise<number> {
  return store.write(() => {
    const result = store
      .prepare('DELETE FROM rows WHERE rowid IN (SELECT rowid FROM rows WHERE expires_at <= ? LIMIT ?)')
      .run(Math.floor(clock.now() / 1000), max)
    return Number(result.changes)
  })
}
