import * as z from 'zod'
import type { CloudPlace } from '../cloud.ts'
import { VERIFICATION_STATUSES } from '../email-identities.ts'
import { openShelf, type Shelf } from './shelf.ts'
import type { Simulation } from './simulation.ts'

/** A status, since when it is waited for, and why the last look failed. */
const Verification = z.object({
  status: z.enum(VERIFICATION_STATUSES),
  since: z.number(),
  error: z.string().exactOptional(),
})

export const SimulatedIdentity = z.object({
  emailIdentity: z.string(),
  region: z.string(),
  configurationSetName: z.string().exactOptional(),
  tags: z.record(z.string(), z.string()),
  tokens: z.array(z.string()),
  dkim: Verification,
  mailFrom: Verification.extend({ domainName: z.string() }).exactOptional(),
  isForwarding: z.boolean(),
})
export type SimulatedIdentity = z.infer<typeof SimulatedIdentity>

export function openIdentities({ table }: Simulation): Shelf<SimulatedIdentity> {
  return openShelf(table, 'email-identities', SimulatedIdentity)
}

export function identityArn({ region, awsAccountId }: CloudPlace, emailIdentity: string): string {
  return `arn:aws:ses:${region}:${awsAccountId}:identity/${emailIdentity}`
}
