import type { CloudPlace } from '#control-plane/cloud/cloud.ts'
import { creationTrouble } from '#control-plane/cloud/organizations.ts'
import { commit } from '#control-plane/core/commit.ts'
import { type PlannedMail, planControlMails } from '#control-plane/core/control-mail/plan-control-mail.ts'
import { accountsWanted, askAgainAt, decideCreation } from '#control-plane/core/placement/decide-pool.ts'
import { allPoolAccounts, type PoolAccount, poolAccountWrite } from '#control-plane/core/placement/pool-account.ts'
import { POOL_TAG } from '#shared/contracts/account-baseline.ts'
import { isFailure } from '#shared/errors/failure.ts'
import { type ServiceName, spentUntil, takeToken } from './budget.ts'
import type { ProvisioningCtx } from './context.ts'
import { troubleOf } from './trouble.ts'

/** The pool's own organization has one budget, whoever asks. */
const ORGANIZATION: Pick<CloudPlace, 'awsAccountId' | 'region'> = { awsAccountId: 'organization', region: 'global' }

/**
 * Keeps the warm pool: begins accounts that are missing and brings each one step further. Run every minute; safe beside its twin, because each
 * step is a write over the row that was read, and CreateAccount is called only by whoever wrote that it will be.
 */
export async function tendAccountPool(whole: ProvisioningCtx, input: { readonly region: string }): Promise<number> {
  const ctx: ProvisioningCtx = { ...whole, actor: { type: 'system', id: 'engine' }, scope: { kind: 'all' } }
  const known = (await allPoolAccounts(ctx)).filter(({ region }) => region === input.region)
  const missing = accountsWanted(known, ctx.estate.warmAccounts, 0)
  for (let count = 0; count < missing; count += 1) await want(ctx, input.region)
  const accounts = missing === 0 ? known : (await allPoolAccounts(ctx)).filter(({ region }) => region === input.region)
  for (const account of accounts) await tend(ctx, account, accounts)
  return accounts.filter(({ state }) => state === 'ready').length
}

async function want(ctx: ProvisioningCtx, region: string): Promise<void> {
  const token = ctx.ids.newToken()
  const account: PoolAccount = {
    poolAccountId: ctx.ids.newId('acc'),
    state: 'wanted',
    region,
    email: ctx.estate.accountEmailOf(token),
    accountName: `convoke-${token}`,
    createdAt: ctx.clock.now(),
    version: 1,
  }
  await commit(ctx, { operations: [poolAccountWrite(undefined, account)], audit: entry('account.wanted', account) })
}

/** One step for one account; trouble is written down and does not keep the others from theirs. */
async function tend(ctx: ProvisioningCtx, account: PoolAccount, all: readonly PoolAccount[]): Promise<void> {
  try {
    await steps[account.state]?.(ctx, account, all)
  } catch (error) {
    if (spentUntil(error) !== undefined || isFailure(error, 'table.condition_failed')) return
    const { code, text, whoActs } = troubleOf(error)
    ctx.log.warn({ at: 'account_pool.trouble', poolAccountId: account.poolAccountId, code })
    if (whoActs === 'vendor') ctx.log.metric({ at: 'account_pool.vendor_acts', code, text: text.slice(0, 100) })
  }
}

const steps: {
  readonly [S in PoolAccount['state']]?: (
    ctx: ProvisioningCtx,
    account: PoolAccount,
    all: readonly PoolAccount[],
  ) => Promise<void>
} = { wanted: create, creating: watchCreation, moving: move, baselining: checkBaseline }

async function create(ctx: ProvisioningCtx, account: PoolAccount, all: readonly PoolAccount[]): Promise<void> {
  const first = decideCreation(account, all, ctx.clock.now(), false)
  if (first === 'wait_for_other' || first === 'back_off') return
  if (first === 'look') {
    const found = await findCreation(ctx, account)
    if (found !== undefined) {
      await write(ctx, account, found)
      return
    }
    if (decideCreation(account, all, ctx.clock.now(), true) !== 'ask') return
  }
  const asked = await write(ctx, account, { askedAt: ctx.clock.now() })
  const { email, accountName, poolAccountId } = account
  try {
    const { createAccountRequestId } = await call(ctx, 'organizations', () =>
      ctx.cloud.organizations.createAccount({ email, accountName, tags: { [POOL_TAG]: poolAccountId } }),
    )
    await write(ctx, asked, { state: 'creating', createAccountRequestId })
  } catch (error) {
    const refused = REFUSALS.find((name) => isFailure(error, `cloud.${name}`))
    if (refused === undefined) throw error
    await refuse(ctx, asked, { code: refused, text: troubleOf(error).text })
  }
}

/** Answers after which nothing was made; any other is unclear, and looked after. */
const REFUSALS = ['quota', 'vendor_task', 'invalid', 'denied', 'throttled', 'conflict'] as const

/** Not asked again for a while; the vendor hears once of what only people can mend. */
async function refuse(
  ctx: ProvisioningCtx,
  account: PoolAccount,
  trouble: NonNullable<PoolAccount['trouble']>,
  change: Partial<PoolAccount> = {},
): Promise<void> {
  const { createAccountRequestId: _, askedAt: __, ...again } = account
  const failures = (account.failures ?? 0) + 1
  const waitUntil = askAgainAt(trouble.code, failures, ctx.clock.now())
  const isPersons = trouble.code === 'quota' || trouble.code === 'vendor_task'
  const isNews = isPersons && account.trouble?.code !== trouble.code
  const mails = await planControlMails(ctx, isNews ? [refusedMail(ctx, account, trouble)] : [])
  const after = { ...again, ...change, state: 'wanted' as const, trouble, failures, askAgainAt: waitUntil }
  await commit(ctx, {
    operations: [poolAccountWrite(account, { ...after, version: account.version + 1 }), ...mails.operations],
    audit: account.state === 'wanted' ? [] : [entry('account.wanted', { ...after, version: account.version + 1 })],
    notices: mails.notices,
  })
}

function refusedMail(
  { licenceSettings, settings }: ProvisioningCtx,
  { poolAccountId, failures = 0 }: PoolAccount,
  { code, text }: NonNullable<PoolAccount['trouble']>,
): PlannedMail {
  return {
    mailKey: `pool:${poolAccountId}:${code}:${failures}`,
    to: licenceSettings.vendorEmail,
    parts: {
      subject: 'AWS makes no more accounts for the pool',
      paragraphs: [
        `CreateAccount: ${code}. ${text}`,
        'It is asked again once a day; raise the quota or do what AWS asks for.',
      ],
      footer: `${settings.vendorName}, account pool`,
    },
  }
}

/** The e-mail is the handle: an account that has it is the one we asked for, if its tag says so too. */
async function findCreation(ctx: ProvisioningCtx, account: PoolAccount): Promise<Partial<PoolAccount> | undefined> {
  const { organizations } = ctx.cloud
  const creations = await call(ctx, 'organizations', () => organizations.listCreations())
  const creation = creations.find((one) => one.accountName === account.accountName && one.state !== 'FAILED')
  if (creation !== undefined) return { state: 'creating', createAccountRequestId: creation.createAccountRequestId }
  const member = await call(ctx, 'organizations', () => organizations.findByEmail(account.email))
  if (member === undefined) return undefined
  const tags = await call(ctx, 'organizations', () => organizations.tagsOf(member.awsAccountId))
  return tags?.[POOL_TAG] === account.poolAccountId ? { state: 'moving', awsAccountId: member.awsAccountId } : undefined
}

async function watchCreation(ctx: ProvisioningCtx, account: PoolAccount): Promise<void> {
  const requestId = account.createAccountRequestId ?? ''
  const creation = await call(ctx, 'organizations', () => ctx.cloud.organizations.describeCreation(requestId))
  if (creation === undefined || creation.state === 'IN_PROGRESS') return
  const { awsAccountId, failureReason = '' } = creation
  if (creation.state === 'SUCCEEDED' && awsAccountId !== undefined) {
    await write(ctx, account, { state: 'moving', awsAccountId })
    return
  }
  const code = creationTrouble(failureReason)
  // A name that is taken, or an account that AWS could not make: asked for anew under another name, which cannot be mixed up with this one.
  const token = ctx.ids.newToken()
  const other = { email: ctx.estate.accountEmailOf(token), accountName: `convoke-${token}` }
  await refuse(ctx, account, { code, text: failureReason }, other)
}

async function move(ctx: ProvisioningCtx, account: PoolAccount): Promise<void> {
  const { rootParentId, dedicatedParentId } = ctx.estate
  const awsAccountId = account.awsAccountId ?? ''
  const parentId = await call(ctx, 'organizations', () => ctx.cloud.organizations.parentOf(awsAccountId))
  if (parentId === dedicatedParentId) {
    await write(ctx, account, { state: 'baselining' })
    return
  }
  if (parentId !== rootParentId) return
  const input = { awsAccountId, fromParentId: rootParentId, toParentId: dedicatedParentId }
  await call(ctx, 'organizations', () => ctx.cloud.organizations.moveAccount(input))
  await write(ctx, account, { state: 'baselining' })
}

/** The baseline comes by itself with the unit (StackSet); ready is an account that we can enter and that may send mail. */
async function checkBaseline(ctx: ProvisioningCtx, account: PoolAccount): Promise<void> {
  const { region } = account
  const awsAccountId = account.awsAccountId ?? ''
  const { operatingRoleArn } = ctx.estate.accountBaseline({ awsAccountId, region })
  const place = { awsAccountId, region, roleArn: operatingRoleArn }
  const cloud = ctx.cloud.at(place)
  await call(ctx, 'sts', () => cloud.identity.read(), place)
  const { hasProductionAccess, review } = await call(ctx, 'ses', () => cloud.sesAccount.read(), place)
  if (hasProductionAccess) {
    await write(ctx, account, { state: 'ready' })
    return
  }
  if (review === undefined) await call(ctx, 'ses', () => cloud.sesAccount.askForProduction(ctx.estate.mailUse), place)
  else if (review.status === 'DENIED' || review.status === 'FAILED')
    await write(ctx, account, { trouble: { code: 'ses_review', text: review.caseId ?? review.status } })
}

async function call<T>(
  ctx: ProvisioningCtx,
  serviceName: ServiceName,
  act: () => Promise<T>,
  place: Pick<CloudPlace, 'awsAccountId' | 'region'> = ORGANIZATION,
): Promise<T> {
  await takeToken(ctx, serviceName, place)
  return act()
}

async function write(ctx: ProvisioningCtx, before: PoolAccount, change: Partial<PoolAccount>): Promise<PoolAccount> {
  const after: PoolAccount = { ...before, ...change, version: before.version + 1 }
  const audit = before.state === after.state ? [] : [entry(`account.${after.state}`, after)]
  await commit(ctx, { operations: [poolAccountWrite(before, after)], audit })
  return after
}

function entry(action: string, account: PoolAccount) {
  return { action, target: { kind: 'account', id: account.poolAccountId }, after: account }
}
