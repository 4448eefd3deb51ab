/** RFC 8601 results reduced to what SES receipts say; GRAY: no policy, or none could be had. */
export type Verdict = 'PASS' | 'FAIL' | 'GRAY' | 'PROCESSING_FAILED'

/** What is known of a received mail's origin, from the receiver alone, never from a header of the mail. */
export type Authentication = {
  readonly spf: Verdict
  readonly dkim: Verdict
  readonly dmarc: Verdict
  readonly spam: Verdict
  readonly virus: Verdict
  /** MAIL FROM of the SMTP envelope, lower case; '' for the null reverse-path. */
  readonly envelopeFrom: string
  /** Domains whose DKIM signature over this mail we or the receiver verified. */
  readonly dkimDomains: readonly string[]
  /** The one domain of From that DMARC was evaluated for; absent when From named none or several. What is read as From must agree. */
  readonly authorDomain?: string
  /** The development setting trusted this mail because it came from loopback. */
  readonly isTrustedLoopback: boolean
}
