import * as z from 'zod'

/** What a licence's numbers bound; a number that is not there is not bounded by the licence. */
export const LICENCE_LIMITS = ['invitesPerEvent', 'eventsPerOrganizer', 'sendsPerDay'] as const

/** What a licence may include. */
export const LICENCE_ENTITLEMENTS = ['support', 'analytics'] as const

/** Above it a number is a slip of the pen: an event of a million is the largest there is. */
const LIMIT_MAX = 1_000_000_000

const Limit = z.int().min(1).max(LIMIT_MAX).nullable().meta({ description: 'Null: no longer bounded.' })

/** What the vendor changes of a licence's terms; what is not named stays as it is. */
export const LicenceTermsBody = z
  .strictObject({
    reason: z.string().trim().min(1).max(500),
    limits: z.partialRecord(z.enum(LICENCE_LIMITS), Limit).optional(),
    entitlements: z.partialRecord(z.enum(LICENCE_ENTITLEMENTS), z.boolean()).optional(),
  })
  .refine(
    ({ limits = {}, entitlements = {} }) => Object.keys(limits).length + Object.keys(entitlements).length > 0,
    'name a limit or an entitlement',
  )
  .meta({ id: 'LicenceTerms' })
export type LicenceTermsBody = z.infer<typeof LicenceTermsBody>
