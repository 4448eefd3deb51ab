import * as z from 'zod'

/** Lists lie under this prefix of the bucket, one object each. */
export const LIST_PREFIX = 'lists/'

/**
 * The largest list that is taken: Lambda takes 6 MB of a request, in base64 (AWS, "Lambda quotas"). A hundred thousand addresses with names are
 * some 4 MB; more go in several lists, and who is in two of them is invited once.
 */
export const LIST_BYTES_MAX = 4 * 1024 * 1024

/** What an upload may say beside the list itself. */
export const ListUploadQuery = z.object({
  dry_run: z.enum(['true', 'false']).optional().meta({
    description: 'Only check it: the list ends as cancelled once its counts are known, and cannot be confirmed.',
  }),
})

export const ListView = z
  .object({
    id: z.string(),
    event_id: z.string(),
    file_name: z.string().optional(),
    dry_run: z.literal(true).optional().meta({ description: 'Only looked at: it ends with its check as cancelled.' }),
    state: z.enum(['checking', 'ready', 'sending', 'paused', 'done', 'cancelled']),
    rows: z.number().meta({ description: 'Lines that name somebody or fail to.' }),
    valid: z.number().meta({ description: 'Of the check: who would be sent an invitation.' }),
    over_limit: z.number().meta({ description: 'Of those: how many more than the limits have room for now.' }),
    refused: z.record(z.string(), z.number()).meta({ description: 'Lines without an invitation, by reason.' }),
    planned: z.number(),
    sent: z.number(),
    failed: z.number(),
    skipped: z.number().meta({ description: 'Planned, and held back when it was their turn: suppressed meanwhile.' }),
    waits_until: z.string().optional().meta({ description: 'It goes on then by itself.' }),
    waits_for: z.enum(['sends_per_day', 'other_list']).optional().meta({
      description: 'The day’s limit is reached, or mails of a cancelled list to the same people are not certain yet.',
    }),
    created_at: z.string(),
    confirmed_at: z.string().optional(),
  })
  .meta({ id: 'List' })

export const ListRowView = z
  .object({
    line: z.number(),
    reason: z.string(),
    text: z.string().meta({ description: 'The address, or the line; masked unless the key has `attendees:unmasked`.' }),
  })
  .meta({ id: 'ListRow' })
