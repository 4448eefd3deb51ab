import type { Tags } from './tags.ts'

export const CERTIFICATE_STATUSES = [
  'PENDING_VALIDATION',
  'ISSUED',
  'INACTIVE',
  'EXPIRED',
  'VALIDATION_TIMED_OUT',
  'REVOKED',
  'FAILED',
] as const
export type CertificateStatus = (typeof CERTIFICATE_STATUSES)[number]

export type Certificate = {
  readonly certificateArn: string
  readonly domainName: string
  readonly status: CertificateStatus
  /** Absent for some seconds after the request. The same for each request of an account and a name. */
  readonly validationRecord?: { readonly name: string; readonly type: 'CNAME'; readonly value: string }
  /** AWS's word when FAILED, such as CAA_ERROR. */
  readonly failureReason?: string
  /** ARNs of what serves it; it can be deleted once there are none. */
  readonly inUseBy: readonly string[]
  /** Epoch milliseconds. */
  readonly requestedAt?: number
  readonly expiresAt?: number
}

/** AWS Certificate Manager (https://docs.aws.amazon.com/acm/latest/APIReference/); certificates of the place's region. */
export interface Certificates {
  /**
   * RequestCertificate by DNS validation, tagged in the same call. `idempotencyToken` (1 to 32 of `\w`) answers with the same ARN for an
   * hour; afterwards `list` and `tagsOf` come first. Throws `quota`, `invalid`. ACM gives up after 72 hours.
   */
  request(input: {
    readonly domainName: string
    readonly idempotencyToken: string
    readonly tags: Tags
  }): Promise<{ readonly certificateArn: string }>
  describe(certificateArn: string): Promise<Certificate | undefined>
  /** ARNs of the certificates for exactly this name, in every status. */
  list(domainName: string): Promise<readonly string[]>
  tagsOf(certificateArn: string): Promise<Tags | undefined>
  /** `in_use` while something serves it. */
  delete(certificateArn: string): Promise<void>
}
