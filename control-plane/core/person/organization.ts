import type { LicenseeRole, VendorRole } from '../actor.ts'
import { licenseePartition } from '../licensee/licensee.ts'

/** Whose people somebody belongs to: a licensee's, or the vendor's own. */
export type Organization = { readonly kind: 'vendor' } | { readonly kind: 'licensee'; readonly licenseeId: string }

export type Role = VendorRole | LicenseeRole

export const VENDOR_ROLES = ['vendor_admin', 'vendor_support'] as const satisfies readonly VendorRole[]
export const LICENSEE_ROLES = ['owner', 'admin', 'billing', 'viewer'] as const satisfies readonly LicenseeRole[]

/** Partition of an organization's people and keys; a licensee's lie among its other rows. */
export function organizationPartition(organization: Organization): string {
  return organization.kind === 'vendor' ? 'vendor' : licenseePartition(organization.licenseeId)
}

/** An organization in one word, as keys and rows hold it; a licensee's id is its own. */
export function organizationName(organization: Organization): string {
  return organization.kind === 'vendor' ? 'vendor' : organization.licenseeId
}

export function organizationNamed(name: string): Organization {
  return name === 'vendor' ? { kind: 'vendor' } : { kind: 'licensee', licenseeId: name }
}

export function isVendorRole(role: Role): role is VendorRole {
  return VENDOR_ROLES.some((each) => each === role)
}

/** The vendor's roles are of the vendor's people alone, and the others of nobody there. */
export function fits(role: Role, organization: Organization): boolean {
  return isVendorRole(role) === (organization.kind === 'vendor')
}

/** The role without which nobody could give it to anybody any more. */
export function isOwning(role: Role): boolean {
  return role === 'owner' || role === 'vendor_admin'
}

const COVERS: Readonly<Record<Role, readonly Role[]>> = {
  vendor_admin: [...VENDOR_ROLES, ...LICENSEE_ROLES],
  vendor_support: ['vendor_support'],
  owner: LICENSEE_ROLES,
  admin: ['admin', 'viewer'],
  billing: ['billing', 'viewer'],
  viewer: ['viewer'],
}

/** Whether whoever has the role `by` may hand out `role`: nobody gives more than he has. */
export function covers(by: Role, role: Role): boolean {
  return COVERS[by].includes(role)
}
