/** Of the vendor's own people. Support reads; admin also acts. */
export type VendorRole = 'vendor_admin' | 'vendor_support'

/** Of a licensee's people. Viewer reads; billing also pays; admin also sets up domains; owner also manages people and retires. */
export type LicenseeRole = 'owner' | 'admin' | 'billing' | 'viewer'

/** The parts of the product that act by themselves; `operator`: whoever holds the credentials of its AWS account. */
export type SystemName = 'engine' | 'scheduler' | 'stripe' | 'sign_in' | 'operator'

/** Who acts. `onBehalfOf`: the person of the vendor who looks through a licensee's eyes (read-only). */
export type Actor =
  | { readonly type: 'system'; readonly id: SystemName }
  | { readonly type: 'vendor'; readonly id: string; readonly role: VendorRole }
  | {
      readonly type: 'licensee'
      readonly id: string
      readonly role: LicenseeRole
      readonly onBehalfOf?: string
    }

/** As whom an actor moves a state machine. `stripe` is what was fetched of Stripe, whoever's notice led us to fetch it. */
export type Mover = 'system' | 'stripe' | 'owner' | 'vendor_admin'

/** What an actor counts as where these roles of a licensee's people count as his owner; undefined for those who only look. */
export function countsAs(actor: Actor, ownerRoles: readonly LicenseeRole[]): Mover | undefined {
  switch (actor.type) {
    case 'system':
      return actor.id === 'stripe' ? 'stripe' : 'system'
    case 'vendor':
      return actor.role === 'vendor_admin' ? 'vendor_admin' : undefined
    case 'licensee':
      return actor.onBehalfOf === undefined && ownerRoles.includes(actor.role) ? 'owner' : undefined
  }
}

/** What can be seen: one licensee's rows, or everything (vendor and system). */
export type Scope = { readonly kind: 'licensee'; readonly licenseeId: string } | { readonly kind: 'all' }
