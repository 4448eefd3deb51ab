import type { Tags } from './tags.ts'

export type SesTenant = {
  readonly tenantName: string
  readonly tenantArn: string
  readonly sendingStatus: 'ENABLED' | 'REINSTATED' | 'DISABLED'
  readonly tags: Tags
}

/** Strictness of SES towards a tenant of it whose reputation sinks. */
export type ReputationPolicy = 'standard' | 'strict' | 'none'

/** Tenants of SESv2 (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateTenant.html); about one call a second. */
export interface SesTenants {
  /** Tagged in the same call; `exists` means look at its tags. Throws `quota`, `conflict`. */
  create(input: { readonly tenantName: string; readonly tags: Tags }): Promise<{ readonly tenantArn: string }>
  read(tenantName: string): Promise<SesTenant | undefined>
  /** CreateTenantResourceAssociation of an identity or configuration set. There already: fine. `gone`: one of both is not visible yet. */
  associate(input: { readonly tenantName: string; readonly resourceArn: string }): Promise<void>
  /** Undefined when there is no such tenant. */
  associations(tenantName: string): Promise<readonly string[] | undefined>
  dissociate(input: { readonly tenantName: string; readonly resourceArn: string }): Promise<void>
  /** UpdateReputationEntityCustomerManagedStatus: DISABLED stops every send of the tenant at SES. */
  setSendingStatus(input: { readonly tenantArn: string; readonly status: 'ENABLED' | 'DISABLED' }): Promise<void>
  /** GetReputationEntity; undefined when there is no such tenant. */
  reputationPolicyOf(tenantArn: string): Promise<ReputationPolicy | undefined>
  /** UpdateReputationEntityPolicy. */
  setReputationPolicy(input: { readonly tenantArn: string; readonly policy: ReputationPolicy }): Promise<void>
  delete(tenantName: string): Promise<void>
}
