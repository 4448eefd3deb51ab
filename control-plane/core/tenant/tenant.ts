import * as z from 'zod'
import { defineFailures } from '#shared/errors/failure.ts'

export const TENANT_STATES = [
  'registered',
  'paid',
  'placing',
  'provisioning',
  'awaiting_dns',
  'verifying',
  'live',
  'degraded',
  'updating',
  'update_failed',
  'suspending',
  'suspended',
  'resuming',
  'export_preparing',
  'export_ready',
  'deprovisioning',
  'retained',
  'deleted',
] as const
export type TenantState = (typeof TENANT_STATES)[number]

export const Placement = z.enum(['cell', 'dedicated', 'customer'])
export type Placement = z.infer<typeof Placement>

/** One stack to be: a domain of a licensee. Times are epoch milliseconds. */
export const Tenant = z.object({
  tenantId: z.string(),
  licenseeId: z.string(),
  licenceId: z.string(),
  /** A-label form, lower case. */
  domainName: z.string(),
  state: z.enum(TENANT_STATES),
  placement: Placement,
  /** How the domain is set up: we hold its zone, or the licensee enters each record. */
  dnsMode: z.enum(['delegated', 'manual']),
  region: z.string(),
  /** The cell, once a slot in it is taken. */
  cellId: z.string().exactOptional(),
  awsAccountId: z.string().exactOptional(),
  stackName: z.string().exactOptional(),
  /** Resources by their part in the tenant, as AWS names them: hostedZoneId, certificateArn, … */
  resources: z.record(z.string(), z.string()),
  /** Of the template that the stack stands at; `desiredVersion` is where a release wants it, unless it is pinned. */
  templateVersion: z.string().exactOptional(),
  desiredVersion: z.string().exactOptional(),
  pinnedUntil: z.number().exactOptional(),
  /** Role by which the engine works in the tenant's account, and the secret that goes with it in a customer's. */
  operatingRoleArn: z.string().exactOptional(),
  externalId: z.string().exactOptional(),
  /** When what holds its name in the cloud was taken down, because the name is another's. */
  unboundAt: z.number().exactOptional(),
  /** Until then what was kept of a retired tenant is not deleted, and never while a person holds it. */
  retainedUntil: z.number().exactOptional(),
  isLegalHeld: z.boolean().exactOptional(),
  isAbuseHeld: z.boolean(),
  /** The run that is not finished; absent: settled. */
  runId: z.string().exactOptional(),
  createdAt: z.number(),
  version: z.number(),
})
export type Tenant = z.infer<typeof Tenant>

export const TenantFailure = defineFailures('tenant', {
  not_found: { status: 404, retry: false },
  wrong_state: { status: 409, retry: false },
  changed_meanwhile: { status: 409, retry: true },
  domain_taken: { status: 409, retry: false },
  /** The name, or one above or below it, is another's: the licensee has to show in DNS that both are his. */
  proof_needed: { status: 409, retry: false },
  too_many_names: { status: 409, retry: false },
  /** The name is another's, who was asked whether it still is. */
  contested: { status: 409, retry: false },
})
