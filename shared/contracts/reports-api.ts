import * as z from 'zod'

export const ReportView = z
  .object({
    id: z.string(),
    event_id: z.string(),
    state: z.literal('planned').meta({ description: 'It goes to the organizer of the event, by mail.' }),
  })
  .meta({ id: 'Report' })

/** Rows of one answer of a report by parts: at a thousand bytes each, what a function may answer at once. */
export const REPORT_ROWS_MAX = 5000

export const ReportQuery = z.object({
  limit: z.coerce.number().int().min(1).max(REPORT_ROWS_MAX).optional().meta({
    description: 'Attendees of one answer; the header Link (rel="next") leads to the next one. Left out: all of them.',
  }),
  after: z.string().max(2000).optional().meta({ description: 'Only from a Link: such a part has no titles.' }),
})
