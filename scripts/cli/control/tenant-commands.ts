import type { ControlCommand } from '../command.ts'
import { act, given, instantOf } from './act.ts'
import { list } from './list.ts'
import { ofLicensee } from './whose.ts'

const reason = { value: 'TEXT', help: 'Kept in the audit log' } as const
const positionals = ['TENANT'] as const

/** Domains of licensees, from claim to retirement. */
export const tenantCommands: readonly ControlCommand[] = [
  act({
    noun: 'tenant',
    verb: 'add',
    summary: 'Claim a domain for a licensee: a tenant and its licence',
    positionals: ['DOMAIN'],
    options: {
      licensee: { value: 'LICENSEE', help: 'Whose; for the vendor' },
      placement: { value: 'PLACE', help: 'cell (default), dedicated or customer' },
      dns: { value: 'MODE', help: 'delegated (default) or manual' },
      region: { value: 'REGION', help: 'Where its stack stands' },
    },
    method: 'POST',
    path: () => '/tenants',
    body: ({ licensee, placement, dns, region }, { positionals: [domainName] }) =>
      given({ domain_name: domainName, licensee_id: licensee, placement, dns_mode: dns, region }),
  }),
  list({
    noun: 'tenant',
    verb: 'list',
    summary: 'Tenants, newest first',
    path: () => '/tenants',
    query: ofLicensee,
    columns: ['id', 'domain_name', 'state', 'placement', 'template_version', 'licence_id', 'created_at'],
    empty: 'No tenants yet. Add one: npm run convoke -- tenant add DOMAIN --licensee LICENSEE',
  }),
  act({
    noun: 'tenant',
    verb: 'check-now',
    summary: 'Look at the domain now instead of at the next time',
    positionals,
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/check-now`,
  }),
  act({
    noun: 'tenant',
    verb: 'retry',
    summary: 'Go on with a run that failed',
    positionals,
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/retry`,
  }),
  act({
    noun: 'tenant',
    verb: 'retire',
    summary: 'Export and take down; its data is kept for a time',
    positionals,
    options: { reason: { ...reason, isRequired: true } },
    act: 'final',
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/retire`,
    body: ({ reason: why }) => ({ reason: why }),
  }),
  act({
    noun: 'tenant',
    verb: 'hold-legally',
    summary: 'Keep its data whatever becomes of it, for a court or an authority',
    positionals,
    options: { reason: { ...reason, isRequired: true } },
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/legal-hold`,
    body: ({ reason: why }) => ({ reason: why }),
  }),
  act({
    noun: 'tenant',
    verb: 'lift-legal-hold',
    summary: 'End a legal hold: what is past its time of keeping is deleted',
    positionals,
    options: { reason: { ...reason, isRequired: true } },
    act: 'final',
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/legal-hold/lift`,
    body: ({ reason: why }) => ({ reason: why }),
  }),
  act({
    noun: 'tenant',
    verb: 'desire',
    summary: 'Say which release the tenant shall stand on',
    positionals: ['TENANT', 'VERSION'],
    options: { reason },
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/desire-release`,
    body: ({ reason: why }, { positionals: [, version] }) => given({ release_version: version, reason: why }),
  }),
  act({
    noun: 'tenant',
    verb: 'pin',
    summary: 'Keep the tenant on its release until a day',
    positionals,
    options: { reason, until: { value: 'DAY', help: 'Such as 2026-12-31', isRequired: true } },
    method: 'POST',
    path: (tenantId) => `/tenants/${tenantId}/pin`,
    body: ({ reason: why, until = '' }) => given({ until: instantOf('until', until), reason: why }),
  }),
]
