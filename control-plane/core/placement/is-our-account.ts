import type { Ctx } from '../context.ts'
import { allCells } from './cell-store.ts'
import { allPoolAccounts } from './pool-account.ts'

/** Whether an AWS account is a cell's or one that we made for a tenant: no customer's, whatever he says. */
export async function isOurAccount(ctx: Ctx, awsAccountId: string): Promise<boolean> {
  const [cells, pooled] = await Promise.all([allCells(ctx), allPoolAccounts(ctx)])
  return [...cells, ...pooled].some((one) => one.awsAccountId === awsAccountId)
}
