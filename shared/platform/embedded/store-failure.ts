import { defineFailures } from '#shared/errors/failure.ts'

export const StoreFailure = defineFailures('store', {
  /** The file was written by a newer version of the product. */
  newer_schema: { status: 500, retry: false },
  /** The file is a database of another program, or not a database. */
  foreign_file: { status: 500, retry: false },
  /** Busy, full disk, input/output error: nothing of the call was written. */
  unavailable: { status: 503, retry: true },
  /** Another running process owns the data folder. */
  folder_in_use: { status: 500, retry: false },
})

/** SQLite's primary result codes that tell of the machine's state, not of a mistake of ours (sqlite.org/rescode.html). */
const MACHINE_CODES = new Set([5, 6, 8, 10, 11, 13, 14, 15, 22, 26])

/** The SQLite result code of an error thrown by node:sqlite, without the extended bits. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

/** True when the database could not do it now (busy, full, unreadable); false for a bug of ours. */
export function isMachineTrouble(error: unknown): boolean {
  const code = sqliteCode(error)
  return code !== undefined && MACHINE_CODES.has(code)
}
