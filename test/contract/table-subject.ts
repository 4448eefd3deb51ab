import type { Table, TableItem, TablePage, TableQuery } from '#shared/platform/table.ts'

/** What the suite needs of an implementation; no case reaches inside. */
export type TableSubject = {
  readonly table: Table
  /** The same store as another tenant has it. */
  readonly otherTenant: Table
  /** Epoch milliseconds by the clock that `expiresAt` is held against. */
  readonly now: () => number
  /** Returns once index queries answer with what was written before. */
  readonly settleIndexes: () => Promise<void>
  readonly close: () => Promise<void>
}

export type MakeTableSubject = () => Promise<TableSubject>

/** Every page of a query in order; a page may be short or empty and yet have a successor. */
export async function allPages(table: Table, query: TableQuery): Promise<readonly TablePage[]> {
  const pages: TablePage[] = []
  let cursor = query.cursor
  do {
    const page: TablePage = await table.query({ ...query, ...(cursor === undefined ? {} : { cursor }) })
    pages.push(page)
    cursor = page.cursor
  } while (cursor !== undefined)
  return pages
}

export async function allItems(table: Table, query: TableQuery): Promise<readonly TableItem[]> {
  return (await allPages(table, query)).flatMap(({ items }) => items)
}

export function put(item: TableItem): { readonly kind: 'put'; readonly item: TableItem } {
  return { kind: 'put', item }
}
