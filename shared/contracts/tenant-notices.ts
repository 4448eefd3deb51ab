import * as z from 'zod'

const common = {
  noticeId: z.string(),
  tenantId: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
}

/** What a tenant stack tells the control plane, and nothing else: figures, never addresses or contents. */
export const TenantNotice = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('usage'),
    ...common,
    /** Of the UTC day of `at`, so far; a later notice of the same day replaces it. */
    day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
    counts: z.object({ events: z.number(), invitationsSent: z.number(), mailsReceived: z.number() }),
  }),
  z.object({
    kind: z.literal('health'),
    ...common,
    templateVersion: z.string(),
    licenceStanding: z.string(),
    deadLetters: z.number(),
    oldestWorkSeconds: z.number(),
    /** The stack has stopped its own mail, for these; absent: it goes out. */
    sendingStop: z.enum(['bounces', 'complaints']).optional(),
  }),
])
export type TenantNotice = z.infer<typeof TenantNotice>
