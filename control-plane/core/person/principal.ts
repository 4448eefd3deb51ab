import type { Actor, Scope } from '../actor.ts'
import type { Ctx } from '../context.ts'
import type { Minter } from '../control-key/control-key.ts'
import { findMembership, membershipsOf } from './membership-store.ts'
import { isVendorRole, type Organization, organizationNamed, type Role } from './organization.ts'
import type { Session } from './session.ts'

/** Who a request comes from, as authentication found: nothing of it is ever taken from the request's own words. */
export type Principal = {
  readonly actor: Actor
  readonly scope: Scope
  readonly role: Role
  readonly organization: Organization
  /** Looks through another's eyes: writes nothing. */
  readonly isReadOnly: boolean
  /** One of the vendor's people, or its key: also while he looks through a licensee's eyes. */
  readonly isOfVendor: boolean
  readonly personId?: string
  /** Whose the keys are that he mints; absent: nobody's. */
  readonly minter?: Minter
  readonly session?: Session
}

/** Whom a session acts for now; undefined when he belongs to nobody (any more). */
export async function principalOf(ctx: Ctx, session: Session): Promise<Principal | undefined> {
  const organization = await organizationOf(ctx, session)
  if (organization === undefined) return undefined
  const membership = await findMembership(ctx, organization, session.personId)
  if (membership?.state !== 'active') return undefined
  const { role, personId, organizationName, invitedAt } = membership
  const minter: Minter = { personId, organizationName, since: invitedAt }
  const { impersonation } = session
  // An impersonation lasts no longer than the right to start one.
  if (impersonation !== undefined && impersonation.until > ctx.clock.now() && isVendorRole(role))
    return impersonating(session, impersonation.licenseeId)
  if (isVendorRole(role))
    return {
      actor: { type: 'vendor', id: personId, role },
      scope: { kind: 'all' },
      role,
      organization: { kind: 'vendor' },
      isReadOnly: false,
      isOfVendor: true,
      personId,
      minter,
      session,
    }
  if (organization.kind !== 'licensee') return undefined
  return {
    actor: { type: 'licensee', id: personId, role },
    scope: { kind: 'licensee', licenseeId: organization.licenseeId },
    role,
    organization,
    isReadOnly: false,
    isOfVendor: false,
    personId,
    minter,
    session,
  }
}

function impersonating(session: Session, licenseeId: string): Principal {
  const { personId } = session
  return {
    actor: { type: 'licensee', id: personId, role: 'viewer', onBehalfOf: personId },
    scope: { kind: 'licensee', licenseeId },
    role: 'viewer',
    organization: { kind: 'licensee', licenseeId },
    isReadOnly: true,
    isOfVendor: true,
    personId,
    session,
  }
}

async function organizationOf(ctx: Ctx, session: Session): Promise<Organization | undefined> {
  if (session.organizationName !== undefined) return organizationNamed(session.organizationName)
  const first = (await membershipsOf(ctx, session.personId)).find(({ state }) => state === 'active')
  return first === undefined ? undefined : organizationNamed(first.organizationName)
}
