import * as z from 'zod'
import type { TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import type { DueMark } from '../due.ts'
import { versionedWrite } from '../versioned-write.ts'
import { PlacementFailure } from './cell.ts'

/** Steps in the life of an account that we make for one tenant; it is never given to a second one. */
const POOL_STATES = ['wanted', 'creating', 'moving', 'baselining', 'ready', 'taken', 'closing', 'closed'] as const

/** An account of the warm pool. Its e-mail is made before it and is the handle by which CreateAccount is asked once. */
export const PoolAccount = z.object({
  poolAccountId: z.string(),
  state: z.enum(POOL_STATES),
  region: z.string(),
  email: z.string(),
  accountName: z.string(),
  /** When CreateAccount was called last without an answer: it is not called again before its effect must be visible. */
  askedAt: z.number().exactOptional(),
  createAccountRequestId: z.string().exactOptional(),
  awsAccountId: z.string().exactOptional(),
  operatingRoleArn: z.string().exactOptional(),
  executionRoleArn: z.string().exactOptional(),
  tenantBoundaryArn: z.string().exactOptional(),
  ruleSetActivatorArn: z.string().exactOptional(),
  releaseBucket: z.string().exactOptional(),
  tenantId: z.string().exactOptional(),
  /** Creations that AWS refused or gave up, one after another, and until when it is not asked again. */
  failures: z.number().exactOptional(),
  askAgainAt: z.number().exactOptional(),
  trouble: z.object({ code: z.string(), text: z.string() }).exactOptional(),
  createdAt: z.number(),
  version: z.number(),
})
export type PoolAccount = z.infer<typeof PoolAccount>

const POOL = 'pool-accounts'
const ACCOUNTS_A_PAGE = 200

function poolAccountKey(poolAccountId: string): TableKey {
  return { pk: `account#${poolAccountId}`, sk: 'account' }
}

export async function getPoolAccount(ctx: Ctx, poolAccountId: string): Promise<PoolAccount> {
  const row = await ctx.table.get(poolAccountKey(poolAccountId))
  if (row === undefined) throw PlacementFailure.account_not_found('There is no such account in the pool.')
  return PoolAccount.parse(row)
}

export function poolAccountWrite(before: PoolAccount | undefined, after: PoolAccount, due?: DueMark): WriteOperation {
  const item: TableItem & PoolAccount = {
    ...poolAccountKey(after.poolAccountId),
    gsi2pk: POOL,
    gsi2sk: after.poolAccountId,
    ...after,
    ...due,
  }
  return versionedWrite(before, item)
}

/** All accounts of the pool, oldest first. */
export async function allPoolAccounts(ctx: Ctx): Promise<readonly PoolAccount[]> {
  const accounts: PoolAccount[] = []
  let cursor: string | undefined
  do {
    const page = await ctx.table.query({
      index: 'gsi2',
      pk: POOL,
      limit: ACCOUNTS_A_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    })
    accounts.push(...page.items.map((item) => PoolAccount.parse(item)))
    cursor = page.cursor
  } while (cursor !== undefined)
  return accounts
}
