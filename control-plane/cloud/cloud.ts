import type { CellRoutes } from './cell-routes.ts'
import type { Certificates } from './certificates.ts'
import type { EmailIdentities } from './email-identities.ts'
import type { HostedZones } from './hosted-zones.ts'
import type { Identity } from './identity.ts'
import type { Organizations } from './organizations.ts'
import type { ProbeMails } from './probe-mails.ts'
import type { Quotas } from './quotas.ts'
import type { RoleRights } from './role-rights.ts'
import type { SesAccount } from './ses-account.ts'
import type { SesTenants } from './ses-tenants.ts'
import type { Stacks } from './stacks.ts'
import type { TenantData } from './tenant-data.ts'
import type { TenantFiles } from './tenant-files.ts'

/** An account and region, and the role by which the engine works there; no role: the engine's own account. */
export type CloudPlace = {
  readonly awsAccountId: string
  readonly region: string
  readonly roleArn?: string
  /** Account of a customer: the secret that we made for this tenant alone. */
  readonly externalId?: string
}

/**
 * What the engine asks of one place. Every method is one call of the service's API, or the pages of one list, so that calls can be
 * counted and a kill between any two of them means something. Reads of what is not there answer undefined; deletes of it succeed;
 * other writes to it fail as `cloud.gone`.
 */
export type PlaceCloud = {
  readonly identity: Identity
  readonly hostedZones: HostedZones
  readonly certificates: Certificates
  readonly emailIdentities: EmailIdentities
  readonly sesTenants: SesTenants
  readonly sesAccount: SesAccount
  readonly stacks: Stacks
  readonly tenantFiles: TenantFiles
  readonly tenantData: TenantData
  readonly cellRoutes: CellRoutes
  readonly quotas: Quotas
  readonly probeMails: ProbeMails
  readonly roleRights: RoleRights
}

/** The cloud as the engine knows it; all of it throws `CloudFailure`. */
export interface Cloud {
  /** Of the organisation's management account, by the account-vending role. */
  readonly organizations: Organizations
  /** Takes the role on at the first call and renews it; `cloud.denied` when it may not. */
  at(place: CloudPlace): PlaceCloud
}
