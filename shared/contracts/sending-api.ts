import * as z from 'zod'

export const SendingView = z
  .object({
    is_stopped: z.boolean().meta({
      description: 'Stopped by itself: 4 % of the mails of 7 days bounced, or 0.08 % were complained about.',
    }),
    reason: z.enum(['bounces', 'complaints']).optional(),
    since: z.string().optional(),
    counts: z.object({ sent: z.number(), bounced: z.number(), complained: z.number() }).optional(),
    resumed_because: z.string().optional(),
  })
  .meta({ id: 'Sending' })

export const ResumeSendingBody = z
  .object({ reason: z.string().trim().min(1).max(500) })
  .strict()
  .meta({ id: 'ResumeSending' })
