import * as z from 'zod'
import type { TableItem, TableKey, WriteOperation } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { versionedWrite } from '../versioned-write.ts'
import type { DomainClaim as HeldName } from './decide-claim.ts'
import { type DomainClaim, domainClaimDelete, domainClaimWrite, findClaim } from './domain-claim.ts'

/** Of about 170 bytes each, so that the row stays below DynamoDB's 400 KB with its reservations. */
export const CLAIMS_BELOW_A_NAME_MAX = 1000
/** Holds a name that is only kept free; no tenant is named so. */
const NOBODYS_TENANT = '-'

const Held = z.object({ domainName: z.string(), tenantId: z.string(), licenseeId: z.string(), claimedAt: z.number() })
const Reservation = z.object({ domainName: z.string(), licenseeId: z.string(), until: z.number() })
export type Reservation = z.infer<typeof Reservation>

/**
 * All claims at and below one registrable name. Each claim is written over the version that was read, so claims of a name, its parent and
 * its child are decided one after the other, each knowing the ones before.
 */
export const ClaimRegistry = z.object({
  registrableName: z.string(),
  claims: z.array(Held),
  /** Names that were won in a contest and wait for the winner. */
  reservations: z.array(Reservation),
  version: z.number(),
})
export type ClaimRegistry = z.infer<typeof ClaimRegistry>

function registryKey(registrableName: string): TableKey {
  return { pk: `claims#${registrableName}`, sk: 'registry' }
}

export async function readClaimRegistry(ctx: Ctx, registrableName: string): Promise<ClaimRegistry> {
  const row = await ctx.table.get(registryKey(registrableName))
  return row === undefined ? { registrableName, claims: [], reservations: [], version: 0 } : ClaimRegistry.parse(row)
}

/** The claims that a licensee meets: a name reserved for another counts as his; whether it is so kept, see `isReservation`. */
export function claimsBefore(registry: ClaimRegistry, licenseeId: string, now: number): readonly HeldName[] {
  const isHeld = ({ domainName }: Reservation) => registry.claims.some((claim) => claim.domainName === domainName)
  const reserved = registry.reservations.filter(
    (one) => one.until > now && one.licenseeId !== licenseeId && !isHeld(one),
  )
  return [
    ...registry.claims,
    ...reserved.map((one) => ({
      domainName: one.domainName,
      licenseeId: one.licenseeId,
      tenantId: NOBODYS_TENANT,
      claimedAt: 0,
    })),
  ]
}

export function isReservation({ tenantId }: HeldName): boolean {
  return tenantId === NOBODYS_TENANT
}

/** The claim and its place in the registry; both fail with `table.condition_failed` when somebody else was there meanwhile. */
export function claimWrites(registry: ClaimRegistry, claim: DomainClaim): readonly WriteOperation[] {
  const { domainName, tenantId, licenseeId, claimedAt } = claim
  return [
    domainClaimWrite(claim),
    registryWrite(registry, {
      claims: [...registry.claims, { domainName, tenantId, licenseeId, claimedAt }],
      reservations: registry.reservations.filter((one) => one.domainName !== domainName && one.until > claimedAt),
    }),
  ]
}

/** What gives a tenant's claim back, to be written with whatever ends it; nothing when he has it no more. `reserved`: the name waits for that one. */
export async function releaseClaim(
  ctx: Ctx,
  input: {
    readonly domainName: string
    readonly tenantId: string
    readonly reserved?: Omit<Reservation, 'domainName'>
  },
): Promise<readonly WriteOperation[]> {
  const { domainName, tenantId, reserved } = input
  const claim = await findClaim(ctx, domainName)
  if (claim?.tenantId !== tenantId) return []
  const registry = await readClaimRegistry(ctx, claim.registrableName)
  const others = registry.reservations.filter((one) => one.domainName !== domainName && one.until > ctx.clock.now())
  return [
    domainClaimDelete(domainName, tenantId),
    registryWrite(registry, {
      claims: registry.claims.filter((one) => one.domainName !== domainName),
      reservations: reserved === undefined ? others : [...others, { domainName, ...reserved }],
    }),
  ]
}

/** The row stays when its last claim goes: a new one would begin at version 1 again, and a late writer could take it for the old. */
function registryWrite(before: ClaimRegistry, change: Pick<ClaimRegistry, 'claims' | 'reservations'>): WriteOperation {
  const item: TableItem & ClaimRegistry = {
    ...registryKey(before.registrableName),
    registrableName: before.registrableName,
    ...change,
    version: before.version + 1,
  }
  return versionedWrite(before.version === 0 ? undefined : before, item)
}
