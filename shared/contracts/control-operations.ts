import * as z from 'zod'
import { LICENCE_STATES } from './licence-file.ts'
import { ReleaseManifest } from './release.ts'

const Instant = z.string().meta({ description: 'UTC instant.', example: '2026-03-03T09:00:00Z' })
const Reason = z.string().trim().min(1).max(500).meta({ description: 'Kept in the audit log.' })

export const NewTenantBody = z
  .object({
    domain_name: z.string().trim().min(1).max(253).meta({ example: 'invites.example.com' }),
    licensee_id: z.string().max(64).optional().meta({ description: 'For the vendor: whose it will be.' }),
    placement: z.enum(['cell', 'dedicated', 'customer']).default('cell'),
    dns_mode: z.enum(['delegated', 'manual']).default('delegated'),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
      .optional(),
  })
  .strict()
  .meta({ id: 'NewTenant' })

export const TenantView = z
  .object({
    id: z.string(),
    licensee_id: z.string(),
    licence_id: z.string(),
    domain_name: z.string(),
    state: z.string(),
    placement: z.enum(['cell', 'dedicated', 'customer']),
    dns_mode: z.enum(['delegated', 'manual']),
    region: z.string(),
    cell_id: z.string().optional().meta({ description: 'For the vendor.' }),
    aws_account_id: z.string().optional().meta({ description: 'For the vendor, and for whose account it is.' }),
    external_id: z
      .string()
      .optional()
      .meta({ description: 'Of the trust of the customer’s role; it does not change.' }),
    template_version: z.string().optional(),
    desired_version: z.string().optional(),
    pinned_until: Instant.optional(),
    is_abuse_held: z.boolean(),
    is_legal_held: z
      .boolean()
      .optional()
      .meta({ description: 'For the vendor: its data is kept whatever becomes of it.' }),
    run_id: z.string().optional().meta({ description: 'What is being done to it; absent: nothing.' }),
    contested_until: Instant.optional().meta({
      description:
        'Somebody else has proven the domain: keep it by a new proof until then. Told of one tenant, not in lists.',
    }),
    created_at: Instant,
  })
  .meta({ id: 'Tenant' })

export const RunView = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    kind: z.string(),
    status: z.enum(['working', 'finished', 'ended']),
    started_at: Instant,
    finished_at: Instant.optional(),
    progress: z.object({ done: z.number(), of: z.number() }),
    who_acts: z.enum(['nobody', 'licensee', 'vendor']),
    sentence: z.string(),
    steps: z.array(
      z.object({
        name: z.string(),
        status: z.enum(['todo', 'leased', 'waiting', 'done', 'failed', 'skipped']),
        sentence: z.string(),
        who_acts: z.enum(['nobody', 'licensee', 'vendor']),
        next_look_at: Instant.optional(),
        error: z.object({ class: z.string(), code: z.string(), text: z.string() }).optional().meta({
          description: 'For the vendor: it may name resources of an account.',
        }),
        left: z.string().optional().meta({
          description: 'What was left where it stood: not ours, or in an account that we are not let into any more.',
        }),
      }),
    ),
  })
  .meta({ id: 'Run' })

export const RunSummaryView = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    kind: z.string(),
    status: z.enum(['working', 'finished', 'ended']),
    template_version: z.string().optional(),
    reason: z.string().optional(),
    started_at: Instant,
    finished_at: Instant.optional(),
  })
  .meta({ id: 'RunSummary' })

export const ReasonBody = z.object({ reason: Reason }).strict().meta({ id: 'Reason' })

export const DomainView = z
  .object({
    tenant_id: z.string(),
    domain_name: z.string(),
    state: z.string(),
    dns_mode: z.enum(['delegated', 'manual']),
    instructions: z.array(z.string()).meta({ description: 'What the licensee does, in order.' }),
    name_servers: z.array(z.string()).meta({ description: 'To be named at the parent, when the domain is delegated.' }),
    provider: z.object({ name: z.string(), where: z.string() }).optional(),
    records: z.array(
      z.object({
        key: z.string(),
        name: z.string(),
        relative_name: z.string().meta({ description: 'As the form of a DNS provider wants it.' }),
        type: z.string(),
        state: z.enum(['unknown', 'waiting', 'ok', 'wrong', 'cannot_check']),
        code: z.string(),
        expected: z.array(z.string()),
        found: z.array(z.string()),
        sentence: z.string(),
        who_acts: z.enum(['nobody', 'licensee', 'vendor']),
        since: Instant,
        observed_at: Instant,
      }),
    ),
    resources: z
      .array(
        z.object({
          key: z.enum(['role', 'zone', 'identity', 'certificate']),
          state: z.enum(['ok', 'wrong', 'cannot_check']),
          found: z.string(),
          since: Instant,
          observed_at: Instant,
        }),
      )
      .meta({ description: 'What stands for the domain outside of its server, once it is in use.' }),
    last_look_at: Instant.optional(),
  })
  .meta({ id: 'Domain' })

export const RefundView = z
  .object({
    id: z.string(),
    licence_id: z.string(),
    licensee_id: z.string(),
    payment_intent: z.string().meta({ description: 'At Stripe.' }),
    amount: z.number().int().meta({ description: 'In the smallest unit of the currency.' }),
    currency: z.string(),
    reason: z.string(),
    state: z.enum(['planned', 'done', 'failed', 'settled']),
    failure: z.string().optional(),
    created_at: Instant,
  })
  .meta({ id: 'Refund' })

export const LicenceView = z
  .object({
    id: z.string(),
    licensee_id: z.string(),
    tenant_id: z.string(),
    domain_name: z.string(),
    state: z.enum(LICENCE_STATES),
    billing: z.enum(['checkout', 'invoice', 'complimentary']),
    entitlements: z.record(z.string(), z.boolean()),
    limits: z.record(z.string(), z.number()),
    period_start: Instant.optional(),
    period_end: Instant.optional(),
    paid_through: Instant.optional(),
    grace_until: Instant.optional(),
    lapses_at: Instant.optional().meta({ description: 'Unpaid: until then the name is kept.' }),
    is_cancel_scheduled: z.boolean(),
    is_abuse_held: z.boolean(),
    payment_method: z
      .object({ brand: z.string(), last4: z.string(), exp_month: z.number(), exp_year: z.number() })
      .optional(),
    created_at: Instant,
  })
  .meta({ id: 'Licence' })

export const UrlView = z.object({ url: z.string() }).meta({ id: 'Url', description: 'Where the person goes next.' })
export const ComplimentaryBody = z
  .object({ reason: Reason, ends_at: z.iso.datetime().optional().meta({ description: 'Absent: in a year.' }) })
  .strict()
  .meta({ id: 'Complimentary' })
export const InvoiceBillingBody = z
  .object({ po_number: z.string().trim().max(100).optional() })
  .strict()
  .meta({ id: 'InvoiceBilling' })
export const RefundBody = z
  .object({
    reason: Reason,
    amount_cents: z.number().int().min(1).optional().meta({ description: 'Absent: the whole.' }),
  })
  .strict()
  .meta({ id: 'Refund' })
export const InvoiceView = z
  .object({
    id: z.string(),
    number: z.string().optional(),
    status: z.string(),
    total: z.number().meta({ description: 'In the currency’s smallest unit.' }),
    currency: z.string(),
    created_at: Instant,
    due_at: Instant.optional(),
    licence_id: z.string().optional(),
    hosted_url: z.string().optional(),
    pdf_url: z.string().optional(),
  })
  .meta({ id: 'Invoice' })

export const HandOverView = z
  .object({ url: z.string(), token: z.string().optional(), expires_at: Instant })
  .meta({ id: 'HandOver', description: 'A way into the tenant’s console, for a minute.' })

export const ReleaseView = z
  .object({
    version: z.string(),
    git_sha: z.string(),
    template_sha256: z.string(),
    ring: z.number().optional(),
    ring_opened_at: Instant.optional(),
    is_withdrawn: z.boolean(),
    withdrawn_because: z.string().optional(),
    registered_at: Instant,
  })
  .meta({ id: 'Release' })
export const RegisterReleaseBody = z
  .object({
    manifest: ReleaseManifest,
    capacity: z.object({ at_first: z.number().int().min(1), raised: z.number().int().min(1) }).strict(),
  })
  .strict()
  .meta({ id: 'NewRelease' })
export const RingBody = z
  .object({ ring: z.number().int().min(0).max(9), is_forced: z.boolean().optional(), reason: Reason.optional() })
  .strict()
  .meta({ id: 'OpenRing' })
export const DesireBody = z
  .object({ release_version: z.string().max(64), reason: Reason.optional() })
  .strict()
  .meta({ id: 'DesireRelease' })
export const PinBody = z
  .object({ until: z.iso.datetime(), reason: Reason.optional() })
  .strict()
  .meta({ id: 'PinTenant' })
