import type { TablePage } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { ApiKey, KEYS, type KeyRecord, readRecord, secretKeyOf } from './api-key.ts'

export type ListedKey = {
  readonly record: KeyRecord
  /** UTC day, `YYYY-MM-DD`. */
  readonly lastUsedDay?: string
}

/** Keys, newest first, with the day of their last use; revoked and ended ones too. */
export async function listKeys(
  ctx: Ctx,
  query: { readonly limit: number; readonly after?: string },
): Promise<{ readonly keys: readonly ListedKey[]; readonly next?: string }> {
  const page = await pageOfKeys(ctx, query)
  const keys = await withUse(ctx, page.items.map(readRecord))
  return { keys, ...(page.cursor === undefined ? {} : { next: page.cursor }) }
}

/** The same of keys that were read. */
export async function withUse(ctx: Ctx, records: readonly KeyRecord[]): Promise<readonly ListedKey[]> {
  const days = await usedDays(ctx, records)
  return records.map((record) => {
    const lastUsedDay = record.secrets
      .flatMap(({ hash }) => days.get(hash) ?? [])
      .toSorted()
      .at(-1)
    return { record, ...(lastUsedDay === undefined ? {} : { lastUsedDay }) }
  })
}

/** All keys there are: hundreds at most. */
export async function allKeys(ctx: Ctx): Promise<readonly KeyRecord[]> {
  const records: KeyRecord[] = []
  let after: string | undefined
  do {
    const page: TablePage = await pageOfKeys(ctx, { limit: 500, ...(after === undefined ? {} : { after }) })
    records.push(...page.items.map(readRecord))
    after = page.cursor
  } while (after !== undefined)
  return records
}

async function pageOfKeys(ctx: Ctx, { limit, after }: { readonly limit: number; readonly after?: string }) {
  return ctx.table.query({
    pk: KEYS,
    descending: true,
    limit,
    ...(after === undefined ? {} : { cursor: after }),
  })
}

/** Keys of one read (DynamoDB, BatchGetItem). */
const READ_AT_ONCE = 100

async function usedDays(ctx: Ctx, records: readonly KeyRecord[]): Promise<ReadonlyMap<string, string>> {
  const hashes = records.flatMap(({ secrets }) => secrets.map(({ hash }) => hash))
  const days = new Map<string, string>()
  for (let at = 0; at < hashes.length; at += READ_AT_ONCE) {
    const rows = await ctx.table.getMany(hashes.slice(at, at + READ_AT_ONCE).map(secretKeyOf))
    for (const row of rows) {
      const { lastUsedDay } = ApiKey.parse(row)
      if (lastUsedDay !== undefined) days.set(row.pk.replace(/^key#/, ''), lastUsedDay)
    }
  }
  return days
}
