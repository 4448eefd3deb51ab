import type { TableItem } from '#shared/platform/table.ts'
import type { PersonKind } from '#tenant-stack/core/person/row-kind.ts'

export type Visited = {
  /** Something of the person was there, or has to be left for the next pass. */
  readonly isDirty: boolean
  /** What was found, counted with the page's own progress, once; absent where each write counts itself. */
  readonly kinds?: readonly PersonKind[]
  /** Parts of a file, written likewise. */
  readonly parts?: readonly string[]
}

/** What is done with each page of what may be a person's. */
export type Visitor = {
  readonly rows: (items: readonly TableItem[]) => Promise<Visited>
  readonly blob: (key: string, storedAt: number) => Promise<Visited>
  readonly sent: (cursor: string | undefined) => Promise<Visited & { readonly cursor?: string }>
}

export const nothing: Visited = { isDirty: false }
