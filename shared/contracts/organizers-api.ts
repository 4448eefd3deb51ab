import * as z from 'zod'
import { PersonName } from './api.ts'

/** An event of a million is the largest there is. */
const LIMIT_MOST = 1_000_000

const Limit = z.number().int().min(1).max(LIMIT_MOST).nullable()
const ADDRESS = { description: 'Where his calendar sends from.', example: 'ana@example.com' }
const NULL = 'null: the domain’s. A licence may bound them lower.'
const Name = PersonName.trim().min(1)

const Role = z.enum(['organizer', 'admin']).meta({
  description: 'Signed in, an organizer sees and does what is his own; an administrator, all that is the domain’s.',
})

const Limits = z.object({
  invites_per_event: Limit,
  events_per_organizer: Limit,
  sends_per_day: Limit.meta({ description: 'First invitations of one UTC day, over all his events.' }),
})

/** Somebody who creates events here. */
export const OrganizerView = z
  .object({
    email: z.string(),
    name: z.string().optional(),
    state: z.enum(['active', 'suspended']),
    role: Role,
    suspended_reason: z.string().optional(),
    suspended_at: z.string().optional(),
    registered_at: z
      .string()
      .optional()
      .meta({ description: 'When an administrator registered him; absent: he came by mail.' }),
    time_zone: z.string().optional().meta({ description: 'IANA name; of his last event with a zone.' }),
    limits: Limits.meta({ description: `His own limits; ${NULL}` }),
  })
  .meta({ id: 'Organizer' })

export const OrganizerBody = z
  .object({
    email: z.string().min(3).max(254).meta(ADDRESS),
    name: Name.optional(),
    limits: Limits.partial().strict().optional().meta({ description: NULL }),
  })
  .strict()
  .meta({ id: 'NewOrganizer' })

export const OrganizerChangeBody = z
  .object({
    name: Name.optional(),
    state: z.enum(['active', 'suspended']).optional().meta({
      description: 'Suspended: nothing but cancels is done in his name, and invites that have not left wait.',
    }),
    role: Role.optional(),
    reason: z.string().trim().min(1).max(500).optional().meta({ description: 'Why he is suspended; needed for that.' }),
    limits: Limits.partial().strict().optional().meta({ description: NULL }),
  })
  .strict()
  .refine(({ state, reason }) => (state === 'suspended') === (reason !== undefined), {
    path: ['reason'],
    message: 'must be given with the state suspended, and with no other',
  })
  .meta({ id: 'OrganizerChange' })

/** The beginning of an address narrows the list; `state` is asked of each row. */
export const OrganizersQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(2000).optional(),
  prefix: z.string().max(254).optional().meta({ description: 'The beginning of the address.' }),
  state: z.enum(['active', 'suspended']).optional(),
})

export type OrganizerLimits = z.infer<NonNullable<typeof OrganizerBody.shape.limits>>
