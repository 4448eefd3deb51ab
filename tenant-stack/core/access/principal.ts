import { ApiScope } from '#shared/contracts/api.ts'
import type { ApiKey } from '../api-key/api-key.ts'
import type { Ctx } from '../context.ts'
import { refuseNotOrganizer, whyNotOrganizer } from '../organizer/may-organize.ts'
import { findOrganizer, type Organizer } from '../organizer/organizer.ts'
import type { Session } from '../session/session.ts'

/** Who asks: a key of the tenant's, or a person who has signed in. */
export type Principal = {
  readonly kind: 'key' | 'person'
  /** Names him in rows of his own: idempotency, rates, requests. */
  readonly actorId: string
  readonly scopes: readonly ApiScope[]
  /** Epoch seconds; of a key that ends. */
  readonly expiresAt?: number | undefined
  /** An organizer's own address, normalized: of whose things alone he hears. Absent: all are his. */
  readonly organizer?: string
}

/** What an organizer may do with what is his own. */
export const ORGANIZER_SCOPES: readonly ApiScope[] = [
  'events:read',
  'events:write',
  'organizers:read',
  'statistics:read',
  'attendees:read',
  'attendees:unmasked',
  'invitations:write',
  'lists:read',
  'lists:write',
  'reports:write',
  'sessions:read',
  'sessions:write',
]

/** All that an administrator may do; a key with these may make one. */
const ADMIN_SCOPES: readonly ApiScope[] = ApiScope.options

export function principalOfKey({ keyId, scopes, expiresAt }: ApiKey): Principal {
  return { kind: 'key', actorId: keyId, scopes, expiresAt }
}

/** Whether somebody may give and take the role of an administrator, and say how one stands: he may do all himself, for as long as anybody. */
export function rulesAdmins({ scopes, expiresAt }: Principal): boolean {
  return expiresAt === undefined && ADMIN_SCOPES.every((scope) => scopes.includes(scope))
}

/** The person of a session as he may act now; undefined: he was signed out since. Throws `organizer.suspended`, `organizer.not_allowed`. */
export async function principalOfSession(ctx: Ctx, { address, createdAt }: Session): Promise<Principal | undefined> {
  const organizer = await findOrganizer(ctx, address)
  if (createdAt < (organizer?.signedOutAt ?? 0)) return undefined
  const actorId = `person-${ctx.sha256(address).slice(0, 32)}`
  refuseNotOrganizer(whyNotSignedIn(ctx, address, organizer))
  if (organizer?.role === 'admin') return { kind: 'person', actorId, scopes: ADMIN_SCOPES }
  return { kind: 'person', actorId, scopes: ORGANIZER_SCOPES, organizer: address }
}

/** Why an address cannot sign in; undefined: it can. An administrator need not be one who may organize. */
export function whyNotSignedIn({ settings }: Pick<Ctx, 'settings'>, address: string, organizer: Organizer | undefined) {
  if (organizer === undefined) return 'organizer_not_registered'
  const why = whyNotOrganizer(settings, address, organizer)
  return organizer.role === 'admin' && why !== 'organizer_suspended' ? undefined : why
}
