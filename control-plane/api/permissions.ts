import type { Role } from '#control-plane/core/person/organization.ts'

const READERS = ['vendor_admin', 'vendor_support', 'owner', 'admin', 'billing', 'viewer'] as const satisfies Role[]

/** Who may do what, in whatever he can see. The vendor's support reads; its admins also act. */
const MAY = {
  read: READERS,
  /** About oneself alone: also while one looks through another's eyes. */
  self: READERS,
  'people:manage': ['vendor_admin', 'owner'],
  'keys:manage': ['vendor_admin', 'owner', 'admin'],
  'licensee:update': ['vendor_admin', 'owner', 'billing'],
  'domains:manage': ['vendor_admin', 'owner', 'admin'],
  'tenant:retire': ['vendor_admin', 'owner'],
  'billing:pay': ['vendor_admin', 'owner', 'billing'],
  'console:enter': ['owner', 'admin', 'viewer'],
  'vendor:read': ['vendor_admin', 'vendor_support'],
  'vendor:act': ['vendor_admin'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Permission = keyof typeof MAY

export function mayDo(role: Role, permission: Permission): boolean {
  return MAY[permission].some((each) => each === role)
}

/** The roles of a permission, in words for the API's description. */
export function rolesOf(permission: Permission): string {
  return MAY[permission].join(', ')
}
