import * as z from 'zod'
import type { CloudPlace } from '../cloud.ts'
import { CloudFailure } from '../failure.ts'
import { openShelf, type Shelf } from './shelf.ts'
import type { Simulation } from './simulation.ts'

/** An AWS account as the simulation knows it: of the organisation, ours from before, or a customer's. */
const SimulatedAccount = z.object({
  awsAccountId: z.string(),
  accountName: z.string(),
  email: z.string(),
  tags: z.record(z.string(), z.string()),
  parentId: z.string(),
  createdAt: z.number(),
  closedAt: z.number().exactOptional(),
  isOfOrganization: z.boolean(),
  /** What roles are trusted with: role ARN → external id, '' for none. No entry: every role of ours is. */
  trust: z.record(z.string(), z.string()),
})
export type SimulatedAccount = z.infer<typeof SimulatedAccount>

export const ROOT_ID = 'r-root'

export function openAccounts({ table }: Simulation): Shelf<SimulatedAccount> {
  return openShelf(table, 'accounts', SimulatedAccount)
}

/** As AssumeRole decides; throws `cloud.denied`. */
export async function assertTrusted(accounts: Shelf<SimulatedAccount>, place: CloudPlace): Promise<void> {
  const found = await accounts.get(place.awsAccountId)
  if (found === undefined || found.closedAt !== undefined) throw CloudFailure.denied('AssumeRole: AccessDenied')
  if (place.roleArn === undefined) return
  if (!place.roleArn.startsWith(`arn:aws:iam::${place.awsAccountId}:role/`))
    throw CloudFailure.denied('AssumeRole: the role is of another account')
  if (Object.keys(found.trust).length === 0) return
  const secret = found.trust[place.roleArn]
  if (secret === undefined || secret !== (place.externalId ?? '')) throw CloudFailure.denied('AssumeRole: AccessDenied')
}

/** Accounts that were there before the organisation made any. */
export async function openAccount(
  { clock }: Simulation,
  accounts: Shelf<SimulatedAccount>,
  awsAccountId: string,
  trust: { readonly [roleArn: string]: string } = {},
): Promise<void> {
  await accounts.insert(awsAccountId, {
    awsAccountId,
    accountName: awsAccountId,
    email: `${awsAccountId}@aws.invalid`,
    tags: {},
    parentId: ROOT_ID,
    createdAt: clock.now(),
    isOfOrganization: false,
    trust,
  })
}
