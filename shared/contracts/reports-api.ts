import * as z from 'zod'

export const ReportView = z
  .object({
    id: z.string(),
    event_id: z.string(),
    state: z.literal('planned').meta({ description: 'It goes to the organizer of the event, by mail.' }),
  })
  .meta({ id: 'Report' })

/** Attendees of one answer of a report by parts: what is read well within the time that a gateway waits. */
export const REPORT_ROWS_MAX = 5000

export const ReportQuery = z.object({
  limit: z.coerce.number().int().min(1).max(REPORT_ROWS_MAX).optional().meta({
    description:
      'At most so many attendees in one answer; its header Link (rel="next") leads to the next part. Left out: all of them, which for some 20,000 and more is too much for one answer on AWS.',
  }),
  after: z.string().max(2000).optional().meta({ description: 'Only from a Link: such a part has no titles.' }),
})
