import type { Table, WriteOperation } from '#shared/platform/table.ts'
import type { Kind, ObjectOf } from './objects.ts'
import { objectRow, ownedPartition, readObject } from './rows.ts'
import type { ListQuery } from './unit.ts'

const ROWS_A_PAGE = 200

/** What one unit of work has changed, over what the table holds. */
export function createShelf(table: Table) {
  const changed = new Map<string, WriteOperation>()
  const notes = new Map<string, string>()

  function mine<K extends Kind>(kind: K, objectId: string): { readonly kept: ObjectOf<K> | undefined } | undefined {
    const operation = changed.get(`${kind}#${objectId}`)
    if (operation === undefined) return undefined
    return { kept: operation.kind === 'put' ? readObject(kind, operation.item) : undefined }
  }

  async function find<K extends Kind>(kind: K, objectId: string): Promise<ObjectOf<K> | undefined> {
    const own = mine(kind, objectId)
    if (own !== undefined) return own.kept
    const row = await table.get({ pk: kind, sk: objectId })
    return row === undefined ? undefined : readObject(kind, row)
  }

  /** Ids of one kind, newest first, from the table alone, page by page. */
  async function* stored<K extends Kind>(kind: K, owner: string | undefined, isAscending: boolean, from?: string) {
    const partition = owner === undefined ? { pk: kind } : { index: 'gsi2' as const, pk: ownedPartition(kind, owner) }
    // `~` sorts after every character of an id.
    const range = isAscending ? ([`${from ?? ''}!`, '~'] as const) : (['!', from ?? '~'] as const)
    let cursor: string | undefined
    do {
      const page = await table.query({
        ...partition,
        sk: { between: range },
        descending: !isAscending,
        limit: ROWS_A_PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      })
      for (const row of page.items) if (row.sk !== from) yield readObject(kind, row)
      cursor = page.cursor
    } while (cursor !== undefined)
  }

  /** Newest first; what this unit itself has made or changed is seen when the whole is asked for. */
  async function list<K extends Kind>(
    kind: K,
    query: ListQuery,
    isWanted: (kept: ObjectOf<K>) => boolean = () => true,
  ): Promise<{ readonly data: readonly ObjectOf<K>[]; readonly hasMore: boolean }> {
    const isAscending = query.endingBefore !== undefined
    const found: ObjectOf<K>[] = []
    for await (const kept of stored(kind, query.owner, isAscending, query.endingBefore ?? query.startingAfter)) {
      const current = mine(kind, kept.id)
      const truth = current === undefined ? kept : current.kept
      if (truth !== undefined && isWanted(truth)) found.push(truth)
      if (found.length > query.limit) break
    }
    if (query.limit === Number.POSITIVE_INFINITY) {
      const known = new Set(found.map(({ id }) => id))
      for (const kept of madeHere(kind)) {
        const row = objectRow(kind, kept)
        const isOwned = query.owner === undefined || row.gsi2pk === ownedPartition(kind, query.owner)
        if (!known.has(kept.id) && isOwned && isWanted(kept)) found.unshift(kept)
      }
    }
    const data = found.slice(0, query.limit)
    return { data: isAscending ? data.toReversed() : data, hasMore: found.length > query.limit }
  }

  function madeHere<K extends Kind>(kind: K): readonly ObjectOf<K>[] {
    return [...changed.values()].flatMap((one) =>
      one.kind === 'put' && one.item.pk === kind ? [readObject(kind, one.item)] : [],
    )
  }

  return {
    notes,
    find,
    list,
    put: <K extends Kind>(kind: K, kept: ObjectOf<K>): void => {
      changed.set(`${kind}#${kept.id}`, { kind: 'put', item: objectRow(kind, kept) })
    },
    remove: (kind: Kind, objectId: string): void => {
      changed.set(`${kind}#${objectId}`, { kind: 'delete', key: { pk: kind, sk: objectId } })
    },
    operations(): readonly WriteOperation[] {
      const noteRows = [...notes].map(([name, json]): WriteOperation => {
        const at = name.indexOf('#')
        return { kind: 'put', item: { pk: `note#${name.slice(0, at)}`, sk: name.slice(at + 1), json } }
      })
      return [...changed.values(), ...noteRows]
    },
  }
}
