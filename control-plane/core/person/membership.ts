import * as z from 'zod'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import { versionedWrite } from '../versioned-write.ts'
import {
  isOwning,
  LICENSEE_ROLES,
  type Organization,
  organizationName,
  organizationNamed,
  organizationPartition,
  VENDOR_ROLES,
} from './organization.ts'
import { personPartition } from './person.ts'

/** What somebody may do in an organization: invited until he has accepted. Read at each request, so a change holds at once. */
export const Membership = z.object({
  personId: z.string(),
  /** `vendor` or a licensee's id. */
  organizationName: z.string(),
  role: z.enum([...VENDOR_ROLES, ...LICENSEE_ROLES]),
  state: z.enum(['invited', 'active']),
  /** As shown in lists: the person's own row is the truth for signing in. */
  email: z.string(),
  name: z.string(),
  invitedAt: z.number(),
  /** An invitation that is not accepted by then is void. */
  invitedUntil: z.number(),
  joinedAt: z.number().exactOptional(),
  version: z.number(),
})
export type Membership = z.infer<typeof Membership>

/** Seen from the organization. */
export function membershipKey(organization: Organization, personId: string): TableKey {
  return { pk: organizationPartition(organization), sk: `person#${personId}` }
}

/** Seen from the person: says only that there is one. */
export function membershipPointerKey(organization: Organization, personId: string): TableKey {
  return { pk: personPartition(personId), sk: `membership#${organizationName(organization)}` }
}

/** How many can give roles: counted in a row of its own, so that two who leave at once cannot both be the last but one. */
export function ownersKey(organization: Organization): TableKey {
  return { pk: organizationPartition(organization), sk: 'owners' }
}

/** Writes a membership (`after` undefined: takes it away); the last owner's fails with `table.condition_failed`. */
export function membershipWrites(
  before: Membership | undefined,
  after: Membership | undefined,
): readonly WriteOperation[] {
  const membership = after ?? before
  if (membership === undefined) return []
  const organization = organizationNamed(membership.organizationName)
  const key = membershipKey(organization, membership.personId)
  const pointer = membershipPointerKey(organization, membership.personId)
  const owners = countOf(after) - countOf(before)
  return [
    after === undefined
      ? { kind: 'delete', key, when: { attribute: 'version', is: '=', value: membership.version } }
      : versionedWrite(before, { ...key, ...after }),
    ...(before !== undefined && after !== undefined
      ? []
      : [after === undefined ? deletion(pointer) : { kind: 'put' as const, item: { ...pointer, ...pointed(after) } }]),
    ...(owners === 0 ? [] : [ownersWrite(organization, owners)]),
  ]
}

function ownersWrite(organization: Organization, add: number): WriteOperation {
  const key = ownersKey(organization)
  return add > 0
    ? { kind: 'update', key, add: { owners: add } }
    : { kind: 'update', key, add: { owners: add }, when: { attribute: 'owners', is: '>', value: 1 } }
}

function countOf(membership: Membership | undefined): number {
  return membership?.state === 'active' && isOwning(membership.role) ? 1 : 0
}

function deletion(key: TableKey): WriteOperation {
  return { kind: 'delete', key }
}

function pointed({ organizationName }: Membership): { readonly organizationName: string } {
  return { organizationName }
}
