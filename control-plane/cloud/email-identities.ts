import type { Tags } from './tags.ts'

export const VERIFICATION_STATUSES = ['NOT_STARTED', 'PENDING', 'SUCCESS', 'FAILED', 'TEMPORARY_FAILURE'] as const
export type VerificationStatus = (typeof VERIFICATION_STATUSES)[number]

export type EmailIdentity = {
  readonly emailIdentity: string
  /** SES accepts mail for it and sends in its name. */
  readonly isVerified: boolean
  readonly configurationSetName?: string
  readonly dkim: {
    readonly status: VerificationStatus
    /** Three: `<token>._domainkey.<domain>` is a CNAME of `<token>.dkim.amazonses.com`. */
    readonly tokens: readonly string[]
    /** `<token>.` of it, as SES tells it: not the same host in every region. */
    readonly hostedZone: string
  }
  readonly mailFrom?: { readonly domainName: string; readonly status: Exclude<VerificationStatus, 'NOT_STARTED'> }
  /** Why the last look failed: HOST_NOT_FOUND, TYPE_NOT_FOUND, INVALID_VALUE, DNS_SERVER_ERROR, SERVICE_ERROR, … */
  readonly verificationError?: string
  readonly tags: Tags
}

/** Domain identities of SESv2 (https://docs.aws.amazon.com/ses/latest/APIReference-V2/); about one call a second. */
export interface EmailIdentities {
  /**
   * CreateEmailIdentity with Easy DKIM of 2048 bits, tagged in the same call. The name is the handle: `exists` means look at its tags.
   * Throws `quota`, `conflict`, `gone` (the configuration set). SES gives up after 72 hours.
   */
  create(input: {
    readonly emailIdentity: string
    readonly configurationSetName?: string
    readonly tags: Tags
  }): Promise<{ readonly dkimTokens: readonly string[] }>
  read(emailIdentity: string): Promise<EmailIdentity | undefined>
  /** PutEmailIdentityMailFromAttributes: mail goes out by SES's own name while the domain's MX is not found. */
  setMailFrom(input: { readonly emailIdentity: string; readonly mailFromDomain: string }): Promise<void>
  /** PutEmailIdentityFeedbackAttributes: off, because bounces come by the tenant's event feed. */
  stopFeedbackForwarding(emailIdentity: string): Promise<void>
  /** PutEmailIdentityDkimSigningAttributes: SES looks again after it has given up; the tokens may be others. */
  rearmDkim(emailIdentity: string): Promise<{ readonly dkimTokens: readonly string[] }>
  delete(emailIdentity: string): Promise<void>
}
