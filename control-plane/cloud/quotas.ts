/** What binds the number of tenants of a place. */
export const QUOTA_NAMES = ['hosted_zones', 'stacks', 'email_identities', 'certificates'] as const
export type QuotaName = (typeof QUOTA_NAMES)[number]

export type QuotaUse = { readonly used: number; readonly limit: number }

/**
 * Limits that are not told by an API of their own service are the defaults of AWS's documentation: SES "Service quotas" (10,000
 * identities) and ACM "Quotas" (2,500 certificates).
 */
export const DOCUMENTED_LIMITS = { email_identities: 10_000, certificates: 2500 } as const

export interface Quotas {
  /** Counts by reading lists, so it costs several calls: ask rarely. */
  read(quotaName: QuotaName): Promise<QuotaUse>
}
