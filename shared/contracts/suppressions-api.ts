import * as z from 'zod'

/** An address that is sent nothing any more. */
export const SuppressionView = z
  .object({
    id: z.string(),
    email: z.string().meta({ description: 'Masked unless the key has `attendees:unmasked`.' }),
    scope: z.enum(['domain', 'organizer']),
    organizer: z.string().optional().meta({ description: 'Of the scope `organizer`: whose mail is not sent.' }),
    reason: z.enum(['hard_bounce', 'complaint', 'unsubscribe', 'manual']),
    is_also_unsubscribed: z.boolean().meta({
      description: 'The owner has unsubscribed besides: to delete this would send to somebody who wants no mail.',
    }),
    source: z.enum(['page', 'mail', 'feedback', 'api']),
    detail: z.string().optional(),
    created_at: z.string(),
  })
  .meta({ id: 'Suppression' })

export const SuppressionBody = z
  .object({
    email: z.string().min(3).max(320),
    organizer: z
      .string()
      .min(3)
      .max(320)
      .optional()
      .meta({ description: 'Only mail in the name of this organizer; absent: all mail of the domain.' }),
    detail: z.string().max(500).optional().meta({ description: 'Why, for whoever reads the list later.' }),
  })
  .strict()
  .meta({ id: 'SuppressionBody' })
