import type { PoolAccount } from './pool-account.ts'

/** An effect of CreateAccount that nobody answered for is visible by then, in the list of creations and by its e-mail. */
const VISIBLE_MILLISECONDS = 300_000

/** How many more accounts the pool should begin, so that so many are ready or on their way for tenants to come. */
export function accountsWanted(accounts: readonly Pick<PoolAccount, 'state'>[], warm: number, waiting: number): number {
  const coming = accounts.filter(({ state }) => state !== 'taken' && state !== 'closing' && state !== 'closed').length
  return Math.max(0, warm + waiting - coming)
}

const MINUTE = 60_000
const DAY = 86_400_000

/** When a creation that was refused is asked for again: minutes at first, twice as long each time; a quota is a matter of people, so daily. */
export function askAgainAt(code: string, failures: number, now: number): number {
  return now + (code === 'quota' ? DAY : Math.min(DAY, 5 * MINUTE * 2 ** Math.min(failures - 1, 10)))
}

export type CreationStep = 'ask' | 'look' | 'wait_for_other' | 'wait_until_visible' | 'back_off'

/**
 * What to do about an account that is wanted. Organizations makes one at a time, and CreateAccount has no client token: asked for once, it is
 * not asked for again before its effect would have to be seen.
 */
export function decideCreation(
  account: Pick<PoolAccount, 'askedAt' | 'askAgainAt' | 'poolAccountId'>,
  others: readonly Pick<PoolAccount, 'state' | 'askedAt' | 'askAgainAt' | 'trouble' | 'poolAccountId'>[],
  now: number,
  hasLooked: boolean,
): CreationStep {
  const isOther = others.some(
    (one) =>
      one.poolAccountId !== account.poolAccountId &&
      (one.state === 'creating' || (one.state === 'wanted' && one.askedAt !== undefined)),
  )
  // A quota is the organization's: what was refused to one account is refused to all.
  const isHeld = [account, ...others.filter(({ trouble }) => trouble?.code === 'quota')].some(
    (one) => one.askAgainAt !== undefined && now < one.askAgainAt,
  )
  if (account.askedAt === undefined && isHeld) return 'back_off'
  if (account.askedAt === undefined) return isOther ? 'wait_for_other' : 'ask'
  if (!hasLooked) return 'look'
  return now - account.askedAt < VISIBLE_MILLISECONDS ? 'wait_until_visible' : 'ask'
}
