import type * as z from 'zod'
import { isFailure } from '#shared/errors/failure.ts'
import type { Table } from '#shared/platform/table.ts'
import { CloudFailure } from '../failure.ts'

/** Rows a page asks for. */
const PAGE_ROWS = 200
/** Two that change one row take turns; more tries than this are a fault of ours. */
const TRIES_MAX = 50

/** Things of one kind that the simulated cloud keeps, each a row of the Table given to it. */
export type Shelf<T> = {
  get(key: string): Promise<T | undefined>
  /** Of the keys with that beginning, in their order. */
  all(prefix: string): Promise<readonly T[]>
  /** False when the key is taken. */
  insert(key: string, value: T): Promise<boolean>
  /** Writes what `decide` makes of it, and once more if somebody was faster; undefined when there is none. */
  change(key: string, decide: (before: T) => T): Promise<T | undefined>
  remove(key: string): Promise<void>
}

export function openShelf<T>(table: Table, name: string, schema: z.ZodType<T>): Shelf<T> {
  const pk = `cloud#${name}`
  const read = (body: unknown): T => schema.parse(JSON.parse(String(body)))
  const write = (key: string, value: T, version: number) => ({
    pk,
    sk: key,
    version,
    body: JSON.stringify(value),
  })

  return {
    async get(key) {
      const item = await table.get({ pk, sk: key })
      return item && read(item.body)
    },
    async all(prefix) {
      const found: T[] = []
      let cursor: string | undefined
      do {
        const page = await table.query({
          pk,
          limit: PAGE_ROWS,
          ...(prefix === '' ? {} : { sk: { beginsWith: prefix } }),
          ...(cursor === undefined ? {} : { cursor }),
        })
        found.push(...page.items.map((item) => read(item.body)))
        cursor = page.cursor
      } while (cursor !== undefined)
      return found
    },
    async insert(key, value) {
      return isWritten(table.write({ kind: 'put', item: write(key, value, 1), when: { row: 'absent' } }))
    },
    async change(key, decide) {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const item = await table.get({ pk, sk: key })
        if (item === undefined) return undefined
        const before = read(item.body)
        const after = decide(before)
        if (after === before) return before
        const version = Number(item.version)
        const when = { attribute: 'version', is: '=', value: version } as const
        if (await isWritten(table.write({ kind: 'put', item: write(key, after, version + 1), when }))) return after
      }
      throw CloudFailure.conflict('the row is changed by others all the time')
    },
    async remove(key) {
      await table.write({ kind: 'delete', key: { pk, sk: key } })
    },
  }
}

async function isWritten(written: Promise<void>): Promise<boolean> {
  try {
    await written
    return true
  } catch (error) {
    if (isFailure(error, 'table.condition_failed')) return false
    throw error
  }
}
