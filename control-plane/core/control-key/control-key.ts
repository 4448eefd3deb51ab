import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import type { Ctx } from '../context.ts'
import { LICENSEE_ROLES, type Organization, organizationPartition, VENDOR_ROLES } from '../person/organization.ts'
import { personPartition } from '../person/person.ts'

/** The person behind a key, as a member of an organization since then: who was taken out and comes back is another member. */
const Minter = z.object({ personId: z.string(), organizationName: z.string(), since: z.number() })
export type Minter = z.infer<typeof Minter>

/** A key of the control plane's API: its secret is shown once and kept only as a hash. Times are epoch milliseconds. */
export const ControlKey = z.object({
  keyId: z.string(),
  /** `vendor` or a licensee's id. */
  organizationName: z.string(),
  role: z.enum([...VENDOR_ROLES, ...LICENSEE_ROLES]),
  label: z.string(),
  secretSha256: z.string(),
  createdAt: z.number(),
  endsAt: z.number(),
  /** To the minute. */
  lastUsedAt: z.number().exactOptional(),
  revokedAt: z.number().exactOptional(),
  /** The key that takes its place: both live until this one ends. */
  replacedBy: z.string().exactOptional(),
  /** Absent: nobody's, such as the key that a machine keeps for its own command line. */
  mintedBy: Minter.exactOptional(),
  version: z.number(),
})
export type ControlKey = z.infer<typeof ControlKey>

export const ControlKeyFailure = defineFailures('key', {
  not_found: { status: 404, retry: false },
  /** Two live keys are enough for a rotation. */
  replaced_already: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
  wrong_role: { status: 422, retry: false },
  /** It may do what whoever asks may not. */
  above_own_role: { status: 403, retry: false },
})

/** `cvv_` the vendor's, `cvl_` a licensee's, and 128 random bits in base32: known by its prefix to people and secret scanners. */
export const CONTROL_SECRET = /^cv[vl]_[0-9a-z]{26}$/

export function controlKeyKey(organization: Organization, keyId: string): TableKey {
  return { pk: organizationPartition(organization), sk: `control-key#${keyId}` }
}

/** Finds a key by what was presented; gone as soon as the key is revoked. */
export function secretKey(secretSha256: string): TableKey {
  return { pk: `control-key#${secretSha256}`, sk: 'control-key' }
}

/** Among the minter's rows: finds what he minted when he is taken out. */
export function mintedKeyKey({ personId }: Minter, keyId: string): TableKey {
  return { pk: personPartition(personId), sk: `minted-key#${keyId}` }
}

export function isLive(ctx: Pick<Ctx, 'clock'>, key: ControlKey): boolean {
  return key.revokedAt === undefined && key.endsAt > ctx.clock.now()
}
