import { ACCOUNT_BASELINE } from '#shared/contracts/account-baseline.ts'
import { HandOverView } from '#shared/contracts/control-operations.ts'
import type { ControlCommand } from '../command.ts'
import { act } from './act.ts'
import { list } from './list.ts'
import { look } from './look.ts'

const positionals = ['TENANT'] as const

/** What is and was done to a tenant, and what leads into it. */
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
  act({
    noun: 'tenant',
    verb: 'export',
    summary: 'What the control plane knows of a tenant, signed',
    positionals,
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/export`,
  }),
  act({
    noun: 'tenant',
    verb: 'enter',
    summary: 'A way into the tenant’s console, for a minute and one use',
    positionals,
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/hand-over`,
    text(json) {
      const { url, token, expires_at } = HandOverView.parse(json)
      return `Until ${expires_at}, post this as the form field token to ${url}\n${token}`
    },
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
