import * as z from 'zod'

/** Long enough for one redirect. */
export const HAND_OVER_SECONDS = 60

/** Put before what is signed, so that no other text under the key of hand-overs, which licence files are never verified with, can be one. */
export const HAND_OVER_CONTEXT = 'convoke-hand-over-1\n'

/** Who comes over from the control plane into a tenant's console. Times are epoch milliseconds. */
export const HandOverPayload = z.object({
  format: z.literal(1),
  /** Used once: the tenant keeps it until `expiresAt`. */
  handOverId: z.string(),
  tenantId: z.string(),
  domainName: z.string(),
  personId: z.string(),
  email: z.string(),
  role: z.enum(['owner', 'admin', 'viewer']),
  issuedAt: z.number(),
  expiresAt: z.number(),
})
export type HandOverPayload = z.infer<typeof HandOverPayload>

/**
 * `kid.payload.signature`: Ed25519 (RFC 8032) by the key of hand-overs, which is not that of licence files, over `HAND_OVER_CONTEXT` and
 * the payload as written here; payload (JSON) and signature in base64url.
 */
export const HandOverToken = z.string().regex(/^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$/)
