import * as z from 'zod'

const Answers = z.object({
  accepted: z.number(),
  declined: z.number(),
  tentative: z.number(),
  none: z.number(),
  delegated: z.number(),
})

const Mails = z
  .object({
    sent: z.number(),
    failed: z.number(),
    suppressed: z.number().meta({ description: 'Not sent, because nothing may be sent to the address.' }),
    delivered: z.number(),
    rejected: z.number().meta({ description: 'Taken by the mail service and then not sent: it found a virus.' }),
    bounced: z.number(),
    complained: z.number(),
  })
  .meta({ description: 'Mails of invites, updates and cancels, by what became of them.' })

const Day = z.object({
  day: z.string().meta({ description: 'UTC.', example: '2026-03-03' }),
  invited: z.number(),
  sent: z.number(),
  failed: z.number(),
  delivered: z.number(),
  bounced: z.number(),
  complained: z.number(),
  accepted: z.number(),
  declined: z.number(),
  tentative: z.number(),
})

const numbers = {
  attendees: z.number(),
  answers: Answers,
  mail: Mails,
  channels: z.record(z.string(), z.number()).meta({ description: 'Attendees by how they were invited.' }),
  clients: z
    .record(z.string(), z.number())
    .meta({ description: 'Attendees by the calendar they first answered with.' }),
  proposals: z.number(),
  answered_older_time: z.number(),
  over_time: z.array(Day).meta({ description: 'Days on which something was counted, oldest first.' }),
}

export const StatisticsView = z.object({ event_id: z.string(), ...numbers }).meta({ id: 'Statistics' })

/** Totals over all events of an organizer, or of the domain. */
export const TotalsView = z
  .object({
    organizer: z.string().optional().meta({ description: 'Absent: the whole domain.' }),
    events: z.object({ created: z.number(), cancelled: z.number() }),
    ...numbers,
  })
  .meta({ id: 'Totals' })

const Day10 = z.iso.date().meta({ description: 'A UTC day, YYYY-MM-DD.' })

/** Which days `over_time` has; the totals are of all time. */
export const SeriesQuery = z.object({
  since: Day10.optional().meta({ description: 'First day of the series; absent: 30 days of it.' }),
  until: Day10.optional().meta({ description: 'Last day of the series; absent: today.' }),
})

/** `repair` adds what the rows have more to the counters; without it nothing is written. */
export const RecountBody = z
  .object({ repair: z.boolean().default(false) })
  .strict()
  .meta({ id: 'Recount' })

export const RecountView = z
  .object({
    state: z.enum(['equal', 'different', 'repaired', 'counting', 'busy']).meta({
      description:
        '`counting`: more rows than fit one request, send it again and it goes on. `busy`: what is counted has moved meanwhile, ask again later.',
    }),
    rows: z
      .number()
      .meta({ description: 'Counted so far: invitations of an event, events of an organizer or of the domain.' }),
    differences: z.array(
      z.object({ name: z.string(), counted: z.number(), rows: z.number().meta({ description: 'What the rows say.' }) }),
    ),
  })
  .meta({ id: 'Recounted' })
