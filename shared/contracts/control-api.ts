import * as z from 'zod'
import { PageQuery } from './api.ts'
import { PlainWords } from './plain-words.ts'

const Instant = z.string().meta({ description: 'UTC instant.', example: '2026-03-03T09:00:00Z' })

const Email = z.email().max(254).meta({ example: 'ann@example.com' })

const ROLES = ['vendor_admin', 'vendor_support', 'owner', 'admin', 'billing', 'viewer'] as const
export const RoleView = z.enum(ROLES).meta({
  id: 'Role',
  description:
    'Of the vendor: `vendor_support` reads, `vendor_admin` also acts. Of a licensee: `viewer` reads, `billing` also pays, `admin` also sets up domains and keys, `owner` also manages people and retires tenants.',
})

/** Lists of the vendor may be narrowed to one licensee; a licensee's own lists are so already. */
export const OwnerQuery = z.object({
  licensee_id: z.string().max(64).optional().meta({ description: 'Whose; absent: those of whoever asks.' }),
})
export const OwnedPageQuery = PageQuery.extend(OwnerQuery.shape)

export const OrganizationView = z
  .object({
    kind: z.enum(['vendor', 'licensee']),
    licensee_id: z.string().optional(),
    role: RoleView,
    state: z.enum(['invited', 'active']),
    is_current: z.boolean(),
  })
  .meta({ id: 'Organization' })

/** Who asks, for whom he acts, and whether he only looks. */
export const MeView = z
  .object({
    kind: z.enum(['person', 'key']),
    id: z.string(),
    email: z.string().optional(),
    name: z.string().optional(),
    role: RoleView,
    licensee_id: z.string().optional().meta({ description: 'Absent: the vendor, who sees all.' }),
    is_read_only: z.boolean(),
    impersonation: z
      .object({
        licensee_id: z.string(),
        licensee_name: z.string(),
        reason: z.string(),
        ticket: z.string(),
        until: Instant,
      })
      .optional()
      .meta({ description: 'Present while somebody of the vendor looks through a licensee’s eyes: show it.' }),
    organizations: z.array(OrganizationView),
  })
  .meta({ id: 'Me' })

export const ActForBody = z
  .object({ licensee_id: z.string().max(64).optional().meta({ description: 'Absent: the vendor.' }) })
  .strict()
  .meta({ id: 'ActFor' })

export const SessionView = z
  .object({
    id: z.string(),
    created_at: Instant,
    ends_at: Instant,
    ip_address: z.string().optional(),
    user_agent: z.string().optional(),
    is_current: z.boolean(),
  })
  .meta({ id: 'Session' })

const PasskeyName = PlainWords.max(100)

export const PasskeyView = z
  .object({
    id: z.string(),
    name: z.string(),
    created_at: Instant,
    last_used_at: Instant.optional(),
    is_synced: z.boolean().meta({ description: 'Backed up, such as in the account of a phone.' }),
  })
  .meta({ id: 'Passkey' })
export const PasskeyChangeBody = z.object({ name: PasskeyName }).strict().meta({ id: 'ChangePasskey' })
export const PasskeyResetBody = z
  .object({ reason: PlainWords.meta({ description: 'How it is known that it is he who asks.' }) })
  .strict()
  .meta({ id: 'ResetPasskeys' })

export const PersonView = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: RoleView,
    state: z.enum(['invited', 'active']),
    invited_at: Instant,
    invited_until: Instant.optional(),
    joined_at: Instant.optional(),
  })
  .meta({ id: 'Person' })

export const InviteBody = z
  .object({ email: Email, name: PlainWords, role: RoleView })
  .strict()
  .meta({ id: 'InvitePerson' })
export const RoleBody = z.object({ role: RoleView }).strict().meta({ id: 'ChangeRole' })

export const RemovalView = z
  .object({
    id: z.string().meta({ description: 'Who was taken out.' }),
    revoked_keys: z.array(z.string()).meta({ description: 'Ids of the keys that he had minted: revoked.' }),
    ended_sessions: z.number().int().meta({ description: 'Sessions in which he acted for the organization.' }),
  })
  .meta({ id: 'Removal' })

export const KeyBody = z.object({ label: PlainWords, role: RoleView }).strict().meta({ id: 'NewKey' })
export const KeyView = z
  .object({
    id: z.string(),
    label: z.string(),
    role: RoleView,
    state: z.enum(['live', 'expired', 'revoked']),
    secret: z.string().optional().meta({ description: 'In the answer that mints it, and never again.' }),
    created_at: Instant,
    ends_at: Instant,
    last_used_at: Instant.optional().meta({ description: 'To the minute.' }),
    revoked_at: Instant.optional(),
    replaced_by: z.string().optional(),
  })
  .meta({ id: 'Key' })

export const LicenseeView = z
  .object({
    id: z.string(),
    name: z.string(),
    billing_email: z.string(),
    is_trusted: z.boolean().meta({ description: 'May be given a licence before its invoice is paid.' }),
    is_early: z.boolean().meta({ description: 'Its new tenants stand in canary cells.' }),
    created_at: Instant,
  })
  .meta({ id: 'Licensee' })

export const LicenseeBody = z
  .object({
    name: PlainWords,
    billing_email: Email,
    is_trusted: z.boolean().optional(),
    owner: z
      .object({ email: Email, name: PlainWords })
      .strict()
      .optional()
      .meta({ description: 'Invited as its first owner.' }),
  })
  .strict()
  .meta({ id: 'NewLicensee' })

export const LicenseeChangeBody = z
  .object({
    name: PlainWords.optional(),
    billing_email: Email.optional(),
    is_trusted: z.boolean().optional().meta({ description: 'The vendor’s alone.' }),
    is_early: z.boolean().optional().meta({ description: 'The vendor’s alone.' }),
  })
  .strict()
  .meta({ id: 'ChangeLicensee' })

export const LicenseesQuery = PageQuery.extend({
  name: z.string().max(200).optional().meta({ description: 'Begins so, in any case.' }),
})

export const ImpersonationBody = z
  .object({ licensee_id: z.string().max(64), reason: PlainWords, ticket: PlainWords })
  .strict()
  .meta({ id: 'NewImpersonation' })
export const ImpersonationView = z
  .object({ licensee_id: z.string(), reason: z.string(), ticket: z.string(), until: Instant })
  .meta({ id: 'Impersonation' })

export const AuditView = z
  .object({
    id: z.string(),
    at: Instant,
    action: z.string(),
    target: z.object({ kind: z.string(), id: z.string() }),
    actor: z.object({
      type: z.string(),
      id: z.string(),
      role: z.string().optional(),
      on_behalf_of: z.string().optional(),
    }),
    licensee_id: z.string().optional(),
    tenant_id: z.string().optional(),
    before_sha256: z.string().optional(),
    after_sha256: z.string().optional(),
    reason: z.string().optional(),
    result: z.enum(['done', 'denied']),
    request_id: z.string().optional(),
    ip_address: z.string().optional(),
    user_agent: z.string().optional(),
  })
  .meta({ id: 'Audit' })

const Day = z.iso.date().meta({ example: '2026-03-03' })
const UPSIDE_DOWN = { path: ['to'], error: 'must not be before from' }

function isForward({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }): boolean {
  return from === undefined || to === undefined || from <= to
}

export const AuditQuery = OwnedPageQuery.extend({
  from: Day.optional().meta({ description: 'First UTC day.' }),
  to: Day.optional().meta({ description: 'Last UTC day.' }),
}).refine(isForward, UPSIDE_DOWN)
export const AuditExportQuery = OwnerQuery.extend({
  from: Day.optional(),
  to: Day.optional(),
  format: z.enum(['ndjson', 'csv']).default('ndjson'),
}).refine(isForward, UPSIDE_DOWN)
