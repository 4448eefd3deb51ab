import type { DatabaseSync } from 'node:sqlite'
import { APPLICATION_ID, MIGRATIONS } from './schema.ts'
import { columnNumber } from './sqlite-row.ts'
import { StoreFailure } from './store-failure.ts'

/** Brings the file to the newest schema in one transaction; refuses a newer file and another program's. */
export function migrate(db: DatabaseSync, file: string, migrations: readonly string[] = MIGRATIONS): void {
  if (pragma(db, 'user_version') === migrations.length && pragma(db, 'application_id') === APPLICATION_ID) return
  db.exec('BEGIN IMMEDIATE')
  try {
    const version = pragma(db, 'user_version')
    assertOurs(db, file)
    if (version > migrations.length)
      throw StoreFailure.newer_schema(
        `${file} has schema ${version}, this version knows ${migrations.length}: start a newer version`,
      )
    for (const migration of migrations.slice(version)) db.exec(migration)
    db.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${APPLICATION_ID}`)
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

function assertOurs(db: DatabaseSync, file: string): void {
  if (pragma(db, 'application_id') === APPLICATION_ID) return
  const tables = columnNumber(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get(), 'n')
  if (tables > 0) throw StoreFailure.foreign_file(`${file} is a database of another program`)
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return columnNumber(db.prepare(`PRAGMA ${name}`).get(), name)
}
