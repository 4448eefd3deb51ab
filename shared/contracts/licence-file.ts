import * as z from 'zod'

/** States of a licence, in the order of its life. */
export const LICENCE_STATES = [
  'draft',
  'checkout_pending',
  'active',
  'renewal_due',
  'past_due',
  'grace',
  'suspended',
  'expired',
  'closed',
  'refunded',
  'disputed',
] as const
export type LicenceState = (typeof LICENCE_STATES)[number]

/** States in which the tenant's stack does all it can. */
export const WORKING_STATES: readonly LicenceState[] = ['active', 'renewal_due', 'past_due', 'grace', 'disputed']

/** What the vendor vouches for. Times are epoch milliseconds. */
export const LicencePayload = z.object({
  format: z.literal(1),
  licenceId: z.string(),
  tenantId: z.string(),
  domainName: z.string(),
  state: z.enum(LICENCE_STATES),
  /** Set by the vendor for abuse: nothing leaves the stack, whatever is paid. */
  isBanned: z.boolean(),
  entitlements: z.record(z.string(), z.boolean()),
  limits: z.record(z.string(), z.number()),
  notBefore: z.number(),
  /** End of what is paid; grace follows it. */
  notAfter: z.number(),
  graceUntil: z.number().exactOptional(),
  issuedAt: z.number(),
})
export type LicencePayload = z.infer<typeof LicencePayload>

/**
 * The licence file as it lies in the tenant's bucket: the payload's exact bytes and an Ed25519 signature over `LICENCE_CONTEXT` and them (RFC 8032),
 * both base64url; `kid` names the key.
 */
export const LicenceFile = z.object({
  kid: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  payload: z.string().regex(/^[A-Za-z0-9_-]+$/),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
})
export type LicenceFile = z.infer<typeof LicenceFile>

/** Where it lies in the tenant's bucket. */
export const LICENCE_FILE_KEY = 'licence/licence.json'

/** How long a stack believes a licence file when the control plane is silent. */
export const LICENCE_SILENCE_DAYS_MAX = 30

/** What a stack makes of its licence file; the first that holds, in this order. */
export const LICENCE_STANDINGS = [
  'NOT_FOUND',
  'BANNED',
  'SUSPENDED',
  'EXPIRED',
  'GRACE',
  'DOMAIN_MISMATCH',
  'ENTITLEMENT_MISSING',
  'VALID',
] as const
export type LicenceStandingCode = (typeof LICENCE_STANDINGS)[number]
