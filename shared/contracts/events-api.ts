import * as z from 'zod'
import { PageQuery, TimeView } from './api.ts'

/** What clients show of a title, a place and a text; the body of a request is at most 64 KB. */
const SUMMARY_CHARS_MAX = 1000
const DESCRIPTION_CHARS_MAX = 40_000

/** As `shared/contracts/api.ts` answers a time: a day, a wall-clock time in a zone, or an instant (with the zone it is shown in). */
export const TimeBody = z
  .object(TimeView.shape)
  .strict()
  .meta({
    id: 'NewTime',
    description:
      '`date` for an all-day event (an end is exclusive); `local` with `time_zone` (IANA); or `instant`, with the `time_zone` it is shown in.',
    example: { local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' },
  })
export type TimeBody = z.infer<typeof TimeBody>

const wellFormed = (text: string) => text.isWellFormed()
const isOneLine = (text: string) => !/\p{Cc}/u.test(text)
const isPlain = (text: string) => !/[^\P{Cc}\t\r\n]/u.test(text)

const Summary = z
  .string()
  .trim()
  .min(1)
  .max(SUMMARY_CHARS_MAX)
  .refine(wellFormed, 'must be well-formed Unicode')
  .refine(isOneLine, 'must be one line without control characters')
  .meta({ example: 'Quarterly review' })
const Location = z
  .string()
  .max(SUMMARY_CHARS_MAX)
  .refine(wellFormed, 'must be well-formed Unicode')
  .refine(isOneLine, 'must be one line without control characters')
const Description = z
  .string()
  .max(DESCRIPTION_CHARS_MAX)
  .refine(wellFormed, 'must be well-formed Unicode')
  .refine(isPlain, 'must be plain text')
const Duration = z.string().max(40).meta({ description: 'Instead of `end` (RFC 5545 §3.3.6).', example: 'PT45M' })
const Rrule = z
  .string()
  .max(1000)
  .meta({ description: 'One RRULE value (RFC 5545 §3.3.10).', example: 'FREQ=WEEKLY;COUNT=6' })
const AudienceBody = z
  .enum(['responded', 'attending', 'everyone'])
  .meta({ description: 'Who hears of updates and of the cancel; absent: as the domain has it.' })

export const EventBody = z
  .object({
    organizer: z.string().min(3).max(254).meta({
      description: 'A known organizer of the domain; the invites go out in his name.',
      example: 'ana@example.com',
    }),
    subject: Summary,
    start: TimeBody,
    end: TimeBody.optional(),
    duration: Duration.optional(),
    location: Location.optional(),
    description: Description.optional(),
    rrule: Rrule.optional(),
    audience: AudienceBody.optional(),
  })
  .strict()
  .refine(({ end, duration }) => end === undefined || duration === undefined, {
    path: ['duration'],
    message: 'give end or duration, not both',
  })
  .meta({
    id: 'NewEvent',
    example: {
      organizer: 'ana@example.com',
      subject: 'Quarterly review',
      start: { local: '2027-03-05T10:00:00', time_zone: 'Europe/Madrid' },
      duration: 'PT1H',
      location: 'Room 4',
      description: 'Bring the figures.',
    },
  })
export type EventBody = z.infer<typeof EventBody>

export const EventChangeBody = z
  .object({
    subject: Summary.optional(),
    start: TimeBody.optional(),
    end: TimeBody.optional(),
    duration: Duration.optional(),
    location: Location.nullable().optional(),
    description: Description.nullable().optional(),
    rrule: Rrule.nullable().optional(),
    audience: AudienceBody.nullable().optional(),
  })
  .strict()
  .refine(({ end, duration }) => end === undefined || duration === undefined, {
    path: ['duration'],
    message: 'give end or duration, not both',
  })
  .meta({
    id: 'EventChange',
    description: 'What is absent stays; null takes away. A new start without an end keeps the length.',
    example: { start: { local: '2027-03-05T11:00:00', time_zone: 'Europe/Madrid' } },
  })
export type EventChangeBody = z.infer<typeof EventChangeBody>

/** Filters and order of a list of events. */
export const EventsQuery = PageQuery.extend({
  sort: z.enum(['created', '-created', 'start', '-start']).default('-created').meta({
    description: '`-` is descending. By start a series stands where its last date begins; one without end is last.',
  }),
  status: z.enum(['confirmed', 'cancelled']).optional(),
  time: z.enum(['past', 'future']).optional().meta({ description: 'An event is past when its last date has begun.' }),
  created_since: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })])
    .optional()
    .meta({
      description: 'A UTC day or an instant.',
      example: '2026-03-01',
    }),
})
export type EventsQuery = z.infer<typeof EventsQuery>

/** Of the whole domain, also by organizer. */
export const DomainEventsQuery = EventsQuery.extend({ organizer: z.string().max(320).optional() })
