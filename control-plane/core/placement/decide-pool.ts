import type { PoolAccount } from './pool-account.ts'

/** An effect of CreateAccount that nobody answered for is visible by then, in the list of creations and by its e-mail. */
const VISIBLE_MILLISECONDS = 300_000

/** How many more accounts the pool should begin, so that so many are ready or on their way for tenants to come. */
export function accountsWanted(accounts: readonly Pick<PoolAccount, 'state'>[], warm: number, waiting: number): number {
  const coming = accounts.filter(({ state }) => state !== 'taken' && state !== 'closing' && state !== 'closed').length
  return Math.max(0, warm + waiting - coming)
}

export type CreationStep = 'ask' | 'look' | 'wait_for_other' | 'wait_until_visible'

/**
 * What to do about an account that is wanted. Organizations makes one at a time, and CreateAccount has no client token: asked for once, it is
 * not asked for again before its effect would have to be seen.
 */
export function decideCreation(
  account: Pick<PoolAccount, 'askedAt' | 'poolAccountId'>,
  others: readonly Pick<PoolAccount, 'state' | 'askedAt' | 'poolAccountId'>[],
  now: number,
  hasLooked: boolean,
): CreationStep {
  const isOther = others.some(
    (one) =>
      one.poolAccountId !== account.poolAccountId &&
      (one.state === 'creating' || (one.state === 'wanted' && one.askedAt !== undefined)),
  )
  if (account.askedAt === undefined) return isOther ? 'wait_for_other' : 'ask'
  if (!hasLooked) return 'look'
  return now - account.askedAt < VISIBLE_MILLISECONDS ? 'wait_until_visible' : 'ask'
}
