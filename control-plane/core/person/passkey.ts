import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'
import type { TableKey } from '#shared/platform/table.ts'
import { personPartition } from './person.ts'

/** A public key of somebody's device: nothing secret in it (WebAuthn Level 2, §6.1). Times are epoch milliseconds. */
export const Passkey = z.object({
  /** SHA-256 of the credential's id. */
  id: z.string(),
  name: z.string().nullish(),
  publicKey: z.string(),
  userId: z.string(),
  credentialID: z.string(),
  counter: z.number(),
  deviceType: z.string(),
  backedUp: z.boolean(),
  transports: z.string().nullish(),
  aaguid: z.string().nullish(),
  addedAt: z.number(),
  lastUsedAt: z.number().exactOptional(),
})
export type Passkey = z.infer<typeof Passkey>

export const PasskeyFailure = defineFailures('passkey', {
  not_found: { status: 404, retry: false },
  /** The vendor's people do not sign in without one. */
  last_one: { status: 409, retry: false },
  too_many: { status: 409, retry: false },
  /** Whoever lost his own cannot be the one who says so. */
  own_reset: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
})

export function passkeyKey(id: string): TableKey {
  return { pk: `passkey#${id}`, sk: 'passkey' }
}

/** Among the person's rows: says which he has. */
export function passkeyPointerKey(personId: string, id: string): TableKey {
  return { pk: personPartition(personId), sk: `passkey#${id}` }
}

export function passkeyNameOf({ name }: Passkey): string {
  return name ?? 'Passkey'
}
