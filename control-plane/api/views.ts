import type * as z from 'zod'
import type { AuditRow } from '#control-plane/core/audit/audit.ts'
import type { ControlKey } from '#control-plane/core/control-key/control-key.ts'
import type { Licensee } from '#control-plane/core/licensee/licensee.ts'
import type { Membership } from '#control-plane/core/person/membership.ts'
import { type Passkey, passkeyNameOf } from '#control-plane/core/person/passkey.ts'
import type { Removal } from '#control-plane/core/person/remove-person.ts'
import type { Session } from '#control-plane/core/person/session.ts'
import type {
  AuditView,
  ImpersonationView,
  KeyView,
  LicenseeView,
  PasskeyView,
  PersonView,
  RemovalView,
  SessionView,
} from '#shared/contracts/control-api.ts'

export function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

export function licenseeView(licensee: Licensee): z.infer<typeof LicenseeView> {
  return {
    id: licensee.licenseeId,
    name: licensee.name,
    billing_email: licensee.billingEmail,
    is_trusted: licensee.isTrusted,
    is_early: licensee.isEarly ?? false,
    created_at: isoOf(licensee.createdAt),
  }
}

export function personView(membership: Membership): z.infer<typeof PersonView> {
  const { joinedAt, state } = membership
  return {
    id: membership.personId,
    email: membership.email,
    name: membership.name,
    role: membership.role,
    state,
    invited_at: isoOf(membership.invitedAt),
    ...(state === 'invited' ? { invited_until: isoOf(membership.invitedUntil) } : {}),
    ...(joinedAt === undefined ? {} : { joined_at: isoOf(joinedAt) }),
  }
}

export function removalView(personId: string, { revokedKeyIds, endedSessions }: Removal): z.infer<typeof RemovalView> {
  return { id: personId, revoked_keys: [...revokedKeyIds], ended_sessions: endedSessions }
}

export function keyView(key: ControlKey, now: number): z.infer<typeof KeyView> {
  const { lastUsedAt, revokedAt, replacedBy } = key
  const past = key.endsAt > now ? 'live' : 'expired'
  return {
    id: key.keyId,
    label: key.label,
    role: key.role,
    state: revokedAt === undefined ? past : 'revoked',
    created_at: isoOf(key.createdAt),
    ends_at: isoOf(key.endsAt),
    ...(lastUsedAt === undefined ? {} : { last_used_at: isoOf(lastUsedAt) }),
    ...(revokedAt === undefined ? {} : { revoked_at: isoOf(revokedAt) }),
    ...(replacedBy === undefined ? {} : { replaced_by: replacedBy }),
  }
}

export function passkeyView(passkey: Passkey): z.infer<typeof PasskeyView> {
  const { id, addedAt, lastUsedAt, backedUp } = passkey
  return {
    id,
    name: passkeyNameOf(passkey),
    created_at: isoOf(addedAt),
    ...(lastUsedAt === undefined ? {} : { last_used_at: isoOf(lastUsedAt) }),
    is_synced: backedUp,
  }
}

export function sessionView(session: Session, current: Session | undefined): z.infer<typeof SessionView> {
  const { ipAddress, userAgent } = session
  return {
    id: session.sessionId,
    created_at: isoOf(session.createdAt),
    ends_at: isoOf(session.endsAt),
    ...(ipAddress === undefined ? {} : { ip_address: ipAddress }),
    ...(userAgent === undefined ? {} : { user_agent: userAgent }),
    is_current: session.sessionId === current?.sessionId,
  }
}

export function impersonationView(
  impersonation: NonNullable<Session['impersonation']>,
): z.infer<typeof ImpersonationView> {
  const { licenseeId, reason, ticket, until } = impersonation
  return { licensee_id: licenseeId, reason, ticket, until: isoOf(until) }
}

export function auditView(row: AuditRow): z.infer<typeof AuditView> {
  const { onBehalfOf, role, type, id } = row.actor
  return {
    id: row.auditId,
    at: isoOf(row.at),
    action: row.action,
    target: row.target,
    actor: {
      type,
      id,
      ...(role === undefined ? {} : { role }),
      ...(onBehalfOf === undefined ? {} : { on_behalf_of: onBehalfOf }),
    },
    ...(row.licenseeId === undefined ? {} : { licensee_id: row.licenseeId }),
    ...(row.tenantId === undefined ? {} : { tenant_id: row.tenantId }),
    ...(row.beforeSha256 === undefined ? {} : { before_sha256: row.beforeSha256 }),
    ...(row.afterSha256 === undefined ? {} : { after_sha256: row.afterSha256 }),
    ...(row.reason === undefined ? {} : { reason: row.reason }),
    result: row.result,
    ...(row.requestId === undefined ? {} : { request_id: row.requestId }),
    ...(row.ipAddress === undefined ? {} : { ip_address: row.ipAddress }),
    ...(row.userAgent === undefined ? {} : { user_agent: row.userAgent }),
  }
}
