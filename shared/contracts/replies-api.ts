import * as z from 'zod'
import { TimeView } from './api.ts'

const Instant = z.string().meta({ description: 'UTC instant.', example: '2026-03-03T09:00:00Z' })

/** One thing an attendee said, in the order it reached us. */
export const AnswerView = z
  .object({
    kind: z.enum(['answer', 'answered_older_time', 'proposal', 'refresh']).meta({
      description: '`answered_older_time` counts for nothing: the time has changed since. `refresh` asked for a copy.',
    }),
    channel: z.enum(['mail', 'page']),
    received_at: Instant,
    mail_id: z.string().optional(),
    answer: z.enum(['accepted', 'declined', 'tentative', 'delegated']).optional(),
    sequence: z.number().optional().meta({ description: 'Of the state that was answered.' }),
    instance: z.string().optional().meta({ description: 'Of one date of a series: its key.' }),
    answered_by: z
      .object({
        email: z.string().meta({ description: 'Masked unless the key has `attendees:unmasked`.' }),
        relation: z.enum(['self', 'alias_or_forward', 'sent_by', 'delegate', 'someone_else']),
      })
      .optional(),
    delegated_to: z.array(z.string()).optional(),
    comment: z.string().optional().meta({ description: 'Only for keys with `attendees:unmasked`, as `note`.' }),
    note: z.string().optional().meta({ description: 'The text of the mail beside its calendar.' }),
    proposed: z.object({ start: TimeView, end: TimeView }).optional(),
  })
  .meta({ id: 'Answer' })
