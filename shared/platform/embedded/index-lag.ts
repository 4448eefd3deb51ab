import type { SqliteStore } from './sqlite-store.ts'

/** Makes index queries serve late, as DynamoDB's may, until the test says `catchUp`. */
export type IndexLag = { readonly catchUp: () => Promise<void> }

/** The late copy is a temporary table of this connection, shaped as `rows`. */
export async function createIndexLag(store: SqliteStore): Promise<IndexLag> {
  await store.write(() => {
    store.prepare('CREATE TEMP TABLE lagged_rows AS SELECT * FROM rows').run()
  })
  return {
    catchUp: () =>
      store.write(() => {
        store.prepare('DELETE FROM temp.lagged_rows').run()
        store.prepare('INSERT INTO temp.lagged_rows SELECT * FROM rows').run()
      }),
  }
}
