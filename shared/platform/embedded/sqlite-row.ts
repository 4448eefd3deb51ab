import type { SQLOutputValue } from 'node:sqlite'

export type SqliteRow = Record<string, SQLOutputValue>

/** A TEXT column that is never null; anything else is a bug of the statement. */
export function columnText(row: SqliteRow | undefined, name: string): string {
  const value = row?.[name]
  if (typeof value !== 'string') throw new Error(`column ${name} is not text`)
  return value
}

export function columnTextOrNull(row: SqliteRow, name: string): string | null {
  return row[name] === null ? null : columnText(row, name)
}

/** An INTEGER or REAL column that is never null. */
export function columnNumber(row: SqliteRow | undefined, name: string): number {
  const value = row?.[name]
  if (typeof value !== 'number') throw new Error(`column ${name} is not a number`)
  return value
}

export function columnNumberOrNull(row: SqliteRow, name: string): number | null {
  return row[name] === null ? null : columnNumber(row, name)
}

export function columnBytes(row: SqliteRow, name: string): Uint8Array {
  const value = row[name]
  if (!(value instanceof Uint8Array)) throw new Error(`column ${name} is not a blob`)
  return value
}
