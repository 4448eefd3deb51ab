import * as z from 'zod'
import { DELIVERY_STATES } from './delivery-states.ts'

/** What a key may do; a route names the one it needs. */
export const ApiScope = z.enum([
  'events:read',
  'events:write',
  'organizers:read',
  'organizers:write',
  'statistics:read',
  'statistics:write',
  'attendees:read',
  'attendees:unmasked',
  'invitations:write',
  'mails:read',
  'lists:read',
  'lists:write',
  'reports:write',
  'suppressions:read',
  'suppressions:write',
  'keys:read',
  'keys:write',
  'webhooks:read',
  'webhooks:write',
  'templates:read',
  'templates:write',
  'sessions:read',
  'sessions:write',
  'privacy:read',
  'privacy:write',
  'privacy:export',
])
export type ApiScope = z.infer<typeof ApiScope>

/** RFC 9457 problem details. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string().optional(),
    request_id: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' })

const Instant = z.string().meta({ description: 'UTC instant.', example: '2026-03-03T09:00:00Z' })

/** A start or end: a day, an instant with the zone it was written in, or a time without a zone. */
export const TimeView = z
  .object({
    date: z.string().optional().meta({ description: 'An all-day event: YYYY-MM-DD; an end is exclusive.' }),
    instant: Instant.optional(),
    local: z.string().optional().meta({ description: 'Wall-clock time in `time_zone`, or without a zone.' }),
    time_zone: z.string().optional().meta({ description: 'IANA name, or the name of a zone the calendar defines.' }),
  })
  .meta({ id: 'Time' })

export const EventView = z
  .object({
    id: z.string(),
    uid: z.string(),
    subject: z.string(),
    start: TimeView,
    end: TimeView,
    is_all_day: z.boolean(),
    recurrence: z.object({
      rules: z.array(z.string()).meta({ description: 'RRULE values (RFC 5545 §3.3.10).' }),
      additional_dates: z.array(TimeView),
      excluded_dates: z.array(TimeView),
      changed_instances: z.array(
        z.object({ recurrence_id: TimeView, start: TimeView, end: TimeView, subject: z.string() }),
      ),
    }),
    location: z.string().optional(),
    body: z.object({ text: z.string(), html: z.string().optional().meta({ description: 'Sanitised.' }) }),
    organizer: z.object({ email: z.string(), name: z.string() }),
    status: z.enum(['confirmed', 'cancelled']),
    sequence: z.number(),
    audience: z
      .enum(['responded', 'attending', 'everyone'])
      .optional()
      .meta({ description: 'Who hears of changes; absent: as the domain has it.' }),
    client: z.string(),
    warnings: z.array(z.string()),
    other_attendees: z
      .number()
      .meta({ description: 'Guests of the organizer’s own invitation: counted, never invited.' }),
    created_at: Instant,
    updated_at: Instant,
    links: z.object({
      self: z.string(),
      statistics: z.string(),
      attendees: z.string(),
      invitations: z.string(),
      reports: z.string(),
      calendar: z.string(),
    }),
  })
  .meta({ id: 'Event' })

/** C0 controls and DEL: a line end among them would be a new header line. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || unit === 0x7f) return true
  }
  return false
}

/** A person's name, as it is put into a header of a mail. */
export const PersonName = z
  .string()
  .max(200)
  .refine((name) => !hasControl(name), 'must not contain control characters')

export const InvitationBody = z
  .object({
    email: z.string().min(3).max(320).meta({ example: 'bob@example.com' }),
    name: PersonName.optional(),
  })
  .strict()
  .meta({ id: 'NewInvitation' })

export const InvitationView = z
  .object({
    id: z.string(),
    event_id: z.string(),
    email: z.string(),
    name: z.string().optional(),
    state: z.enum(['planned', 'sent', 'failed', 'suppressed']),
    answer: z.enum(['accepted', 'declined', 'tentative', 'delegated', 'none']),
    created_at: Instant,
  })
  .meta({ id: 'Invitation' })

export const AttendeeView = z
  .object({
    invitation_id: z.string(),
    email: z.string().meta({ description: 'Masked unless the key has the scope `attendees:unmasked`.' }),
    name: z.string().optional(),
    state: z.enum(['planned', 'sent', 'failed', 'suppressed']),
    delivery: z
      .enum(DELIVERY_STATES)
      .optional()
      .meta({ description: 'What mail servers have told of it since; absent: nothing yet.' }),
    answer: z.enum(['accepted', 'declined', 'tentative', 'delegated', 'none']),
    answered_at: Instant.optional(),
    comment: z
      .string()
      .optional()
      .meta({ description: 'What was written beside the answer; only for keys with `attendees:unmasked`.' }),
    delegated_to: z
      .array(z.string())
      .optional()
      .meta({ description: 'Whom the attendee sends in his place: told, not invited. Masked as `email` is.' }),
    client: z.string().optional().meta({ description: 'What he answered with; `page` is the page behind the links.' }),
    channel: z.string(),
    instance_answers: z.record(z.string(), z.enum(['accepted', 'declined', 'tentative', 'delegated', 'none'])),
  })
  .meta({ id: 'Attendee' })

export const ReceivedMailView = z
  .object({
    mail_id: z.string(),
    recipient: z.string(),
    mailbox: z.string(),
    received_at: Instant,
    from: z.string().optional(),
    subject: z.string().optional(),
    outcome: z
      .object({
        kind: z.string(),
        reason: z.string(),
        answer: z.string(),
        event_ids: z.array(z.string()),
        detail: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: 'ReceivedMail' })

/** Cursor pages: `limit` and `after` in, `{data, has_more, next_cursor}` out. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), has_more: z.boolean(), next_cursor: z.string().optional() })
}

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(2000).optional(),
})
