import * as z from 'zod'

const Instant = z.string().meta({ description: 'UTC instant.', example: '2026-03-03T09:00:00Z' })

export const ClaimBody = z
  .object({
    domain_name: z.string().trim().min(1).max(253).meta({ example: 'invites.example.com' }),
    licensee_id: z.string().max(64).optional().meta({ description: 'For the vendor: who proves it.' }),
  })
  .strict()
  .meta({ id: 'NewClaimProof' })

/** How a licensee proves a name that he, or somebody else, holds: a TXT record, at each of these names. */
export const ClaimProofView = z
  .object({
    domain_name: z.string(),
    record: z.object({ type: z.literal('TXT'), value: z.string() }),
    names: z.array(
      z.object({
        domain_name: z.string(),
        record_name: z.string().meta({ description: 'Where the record goes.' }),
        seen_at: Instant.optional(),
      }),
    ),
    issued_at: Instant,
    ends_at: Instant,
    decision: z
      .enum(['claim', 'yours', 'yours_elsewhere', 'needs_proof', 'contest'])
      .meta({ description: 'What claiming the name would come to, by what was seen so far.' }),
  })
  .meta({ id: 'ClaimProof' })

export const ContestView = z
  .object({
    domain_name: z.string(),
    state: z.enum(['open', 'kept', 'dropped', 'won', 'moot']),
    opened_at: Instant,
    unbind_at: Instant.meta({ description: 'The holder loses the name then, unless he proves it anew.' }),
    warned_at: Instant.optional(),
    ended_at: Instant.optional(),
    owner_id: z.string().optional().meta({ description: 'For the vendor.' }),
    challenger_id: z.string().optional().meta({ description: 'For the vendor.' }),
  })
  .meta({ id: 'Contest' })

export const AskedExportView = z
  .object({ id: z.string(), tenant_id: z.string() })
  .meta({ id: 'AskedExport', description: 'An export that is being made.' })

export const TenantExportView = z
  .object({
    id: z.string(),
    tenant_id: z.string(),
    made_at: Instant,
    manifest: z.string().meta({
      description: 'JSON; the signature (Ed25519) is over `convoke-export-v1`, a line feed and its UTF-8 bytes.',
    }),
    manifest_sha256: z.string(),
    kid: z.string(),
    signature: z.string(),
  })
  .meta({ id: 'TenantExport' })
export type TenantExportView = z.infer<typeof TenantExportView>

const Role = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/)

/** Of the baseline's stack, by our names and no others: what a tenant's row says is his is used, and deleted in the end. */
const AccountOutputs = z.strictObject({
  executionRoleArn: Role.exactOptional(),
  tenantBoundaryArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:policy\/[\w+=,.@/-]{1,512}$/)
    .exactOptional(),
  ruleSetActivatorArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]{1,30}:\d{12}:function:[\w-]{1,64}$/)
    .exactOptional(),
  releaseBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .exactOptional(),
})

/** `arn:<partition>:<service>:<region>:<account>:…`; a bucket's name has none. */
function isOfAccount(text: string, awsAccountId: string): boolean {
  return !text.startsWith('arn:') || text.split(':')[4] === awsAccountId
}

export const AccountBody = z
  .strictObject({
    aws_account_id: z.string().regex(/^\d{12}$/),
    operating_role_arn: Role,
    outputs: AccountOutputs.optional(),
  })
  .refine(
    ({ aws_account_id, operating_role_arn, outputs = {} }) =>
      [operating_role_arn, ...Object.values(outputs)].every((text) => isOfAccount(text, aws_account_id)),
    'roles and functions must be of aws_account_id',
  )
  .meta({ id: 'LinkAccount' })
