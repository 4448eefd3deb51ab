import * as z from 'zod'
import { CloudFailure } from '../failure.ts'
import type { AccountCreation, MemberAccount, Organizations } from '../organizations.ts'
import { openAccounts, ROOT_ID, type SimulatedAccount } from './accounts.ts'
import { openShelf } from './shelf.ts'
import { digest, hasPassed, isListed, type Simulation } from './simulation.ts'

const Creation = z.object({
  createAccountRequestId: z.string(),
  accountName: z.string(),
  email: z.string(),
  tags: z.record(z.string(), z.string()),
  requestedAt: z.number(),
  /** Known at once, told at the end. */
  failureReason: z.string().exactOptional(),
})
type Creation = z.infer<typeof Creation>

/** CreateAccount: the pattern of an e-mail, and 1 to 50 characters of a name. */
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const NAME = /^[ -~]{1,50}$/
/** Units are not simulated beyond their ids. */
const PARENT = /^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[0-9a-z]{8,32})$/
/** Members closed in 30 days: a tenth, and ten at least. */
const CLOSURES_LEAST = 10
const CLOSURE_WINDOW_SECONDS = 30 * 86_400

export function simulateOrganizations(simulation: Simulation): Organizations {
  const { clock, ids, seconds, limits } = simulation
  const accounts = openAccounts(simulation)
  const creations = openShelf(simulation.table, 'account-creations', Creation)

  const members = async () => (await accounts.all('')).filter(({ isOfOrganization }) => isOfOrganization)

  /** Makes the account when its time has come: by its e-mail's digest, so that two who look make one. */
  async function settle(creation: Creation): Promise<AccountCreation> {
    const { createAccountRequestId, accountName, failureReason } = creation
    const told = { createAccountRequestId, accountName }
    if (!hasPassed(simulation, creation.requestedAt, seconds.accountCreation)) return { ...told, state: 'IN_PROGRESS' }
    if (failureReason !== undefined) return { ...told, state: 'FAILED', failureReason }
    const awsAccountId = accountIdOf(creation.email)
    await accounts.insert(awsAccountId, {
      awsAccountId,
      accountName,
      email: creation.email,
      tags: creation.tags,
      parentId: ROOT_ID,
      createdAt: creation.requestedAt + seconds.accountCreation * 1000,
      isOfOrganization: true,
      trust: {},
    })
    return { ...told, state: 'SUCCEEDED', awsAccountId }
  }

  async function settleAll(): Promise<readonly { creation: Creation; told: AccountCreation }[]> {
    const all = (await creations.all('')).toSorted((a, b) => b.requestedAt - a.requestedAt)
    return Promise.all(all.map(async (creation) => ({ creation, told: await settle(creation) })))
  }

  async function member(awsAccountId: string): Promise<SimulatedAccount | undefined> {
    await settleAll()
    const found = await accounts.get(awsAccountId)
    return found?.isOfOrganization === true ? found : undefined
  }

  return {
    async createAccount({ email, accountName, tags }) {
      if (!EMAIL.test(email) || email.length > 64) throw CloudFailure.invalid('CreateAccount: InvalidInputException')
      if (!NAME.test(accountName)) throw CloudFailure.invalid('CreateAccount: InvalidInputException')
      const known = await settleAll()
      if (known.some(({ told }) => told.state === 'IN_PROGRESS'))
        throw CloudFailure.conflict('CreateAccount: ConcurrentModificationException')
      const all = await members()
      if (all.length >= limits.accounts) throw CloudFailure.quota('CreateAccount: ConstraintViolationException')
      const isTaken = all.some((one) => one.email.toLowerCase() === email.toLowerCase())
      const creation: Creation = {
        createAccountRequestId: `car-${digest(ids.newToken()).slice(0, 32)}`,
        accountName,
        email,
        tags,
        requestedAt: clock.now(),
        ...(isTaken ? { failureReason: 'EMAIL_ALREADY_EXISTS' } : {}),
      }
      await creations.insert(creation.createAccountRequestId, creation)
      return settle(creation)
    },
    async describeCreation(createAccountRequestId) {
      const creation = await creations.get(createAccountRequestId)
      return creation && settle(creation)
    },
    async listCreations() {
      const all = await settleAll()
      return all.filter(({ creation }) => isListed(simulation, creation.requestedAt)).map(({ told }) => told)
    },
    async findByEmail(email) {
      await settleAll()
      const found = (await members()).find((one) => one.email.toLowerCase() === email.toLowerCase())
      return found !== undefined && isListed(simulation, found.createdAt) ? toldOf(simulation, found) : undefined
    },
    async describeAccount(awsAccountId) {
      const found = await member(awsAccountId)
      return found && toldOf(simulation, found)
    },
    tagsOf: async (awsAccountId) => (await member(awsAccountId))?.tags,
    parentOf: async (awsAccountId) => (await member(awsAccountId))?.parentId,
    async moveAccount({ awsAccountId, fromParentId, toParentId }) {
      if (!PARENT.test(toParentId)) throw CloudFailure.invalid('MoveAccount: DestinationParentNotFoundException')
      if ((await member(awsAccountId)) === undefined) throw CloudFailure.gone('MoveAccount: AccountNotFoundException')
      await accounts.change(awsAccountId, (before) => {
        if (before.parentId !== fromParentId || fromParentId === toParentId)
          throw CloudFailure.conflict('MoveAccount: SourceParentNotFoundException')
        return { ...before, parentId: toParentId }
      })
    },
    async closeAccount(awsAccountId) {
      const found = await member(awsAccountId)
      if (found === undefined) throw CloudFailure.gone('CloseAccount: AccountNotFoundException')
      if (found.closedAt !== undefined) return
      const all = await members()
      const closures = all.filter(
        ({ closedAt }) => closedAt !== undefined && !hasPassed(simulation, closedAt, CLOSURE_WINDOW_SECONDS),
      )
      if (closures.length >= Math.max(CLOSURES_LEAST, all.length / 10))
        throw CloudFailure.quota('CloseAccount: ConstraintViolationException')
      await accounts.change(awsAccountId, (before) => ({ ...before, closedAt: before.closedAt ?? clock.now() }))
    },
  }
}

function toldOf(simulation: Simulation, found: SimulatedAccount): MemberAccount {
  const { awsAccountId, accountName, email, closedAt } = found
  const told = { awsAccountId, accountName, email }
  if (closedAt === undefined) return { ...told, state: 'ACTIVE' }
  const isDone = hasPassed(simulation, closedAt, simulation.seconds.accountClosing)
  return { ...told, state: isDone ? 'CLOSED' : 'PENDING_CLOSURE' }
}

/** Twelve digits, the first not 0. */
function accountIdOf(email: string): string {
  return String(100_000_000_000 + (Number.parseInt(digest('account', email).slice(0, 12), 16) % 899_999_999_999))
}
