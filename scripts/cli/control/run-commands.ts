import { ACCOUNT_BASELINE } from '#shared/contracts/account-baseline.ts'
import type { ControlCommand } from '../command.ts'
import { act } from './act.ts'
import { list } from './list.ts'
import { look } from './look.ts'
import { tenantExport } from './tenant-export.ts'

const positionals = ['TENANT'] as const

/** What is and was done to a tenant. */
export const runCommands: readonly ControlCommand[] = [
  look({
    noun: 'tenant',
    verb: 'show',
    summary: 'One tenant: state, placement, release, what it waits for',
    positionals,
    path: (tenantId) => `/tenants/${tenantId}`,
  }),
  list({
    noun: 'tenant',
    verb: 'runs',
    summary: 'What was done to a tenant, newest first',
    positionals,
    path: (tenantId) => `/tenants/${tenantId}/runs`,
    columns: ['id', 'kind', 'status', 'template_version', 'started_at', 'finished_at', 'reason'],
    empty: 'Nothing was done to it yet.',
  }),
  look({
    noun: 'tenant',
    verb: 'run',
    summary: 'One run of a tenant, each of its steps',
    positionals: ['TENANT', 'RUN'],
    path: (tenantId, runId) => `/tenants/${tenantId}/runs/${runId}`,
  }),
  tenantExport,
  look({
    noun: 'tenant',
    verb: 'exported',
    summary: 'An export that was asked for',
    positionals: ['TENANT', 'EXPORT'],
    path: (tenantId, exportId) => `/tenants/${tenantId}/exports/${exportId}`,
  }),
  act({
    noun: 'tenant',
    verb: 'link-account',
    summary: 'Say which AWS account of the licensee’s a tenant stands in, once its baseline stack is there',
    positionals: ['TENANT', 'ACCOUNT'],
    options: { role: { value: 'ARN', help: 'Its operating role; that of baseline-account when not given' } },
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/account`,
    body: ({ role }, { positionals: [, awsAccountId = ''] }) => ({
      aws_account_id: awsAccountId,
      operating_role_arn:
        role ?? `arn:aws:iam::${awsAccountId}:role${ACCOUNT_BASELINE.path}${ACCOUNT_BASELINE.operatingRole}`,
    }),
  }),
]
