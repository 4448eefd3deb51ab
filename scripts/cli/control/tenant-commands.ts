import type { ControlCommand } from '../command.ts'
import { act, given, instantOf } from './act.ts'
import { list } from './list.ts'

const reason = { value: 'TEXT', help: 'Kept in the audit log' } as const
const positionals = ['TENANT'] as const

/** Tenants, the cells they stand in, and the releases they are made of. */
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
    query: { licensee: { name: 'licensee_id', row: { value: 'LICENSEE', help: 'Of this licensee' } } },
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
  list({
    noun: 'cell',
    verb: 'list',
    summary: 'Cells and the room they have',
    path: () => '/cells',
    columns: ['id', 'name', 'region', 'used', 'cap', 'headroom', 'is_open', 'cell_version'],
    empty: 'No cells are known.',
  }),
  act({
    noun: 'cell',
    verb: 'change',
    summary: 'Open or close a cell for new tenants, or change its size',
    positionals: ['CELL'],
    options: {
      cap: { value: 'NUMBER', help: 'Tenants it may hold' },
      open: { help: 'Take new tenants' },
      close: { help: 'Take no new tenants' },
    },
    method: 'PATCH',
    path: (cellId) => `/cells/${cellId}`,
    body: ({ cap }, { flags }) =>
      given({
        cap: cap === undefined ? undefined : Number(cap),
        is_open: flags.has('open') ? true : flags.has('close') ? false : undefined,
      }),
  }),
  list({
    noun: 'release',
    verb: 'list',
    summary: 'Releases of the tenant template, newest first',
    path: () => '/releases',
    columns: ['version', 'ring', 'is_withdrawn', 'registered_at', 'git_sha'],
    empty: 'No releases are known.',
  }),
  act({
    noun: 'release',
    verb: 'open-ring',
    summary: 'Let the next ring of tenants have a release',
    positionals: ['VERSION', 'RING'],
    options: { reason, force: { help: 'Also when it is not the next one' } },
    method: 'POST',
    path: (version) => `/releases/${version}/ring`,
    body: ({ reason: why }, { positionals: [, ring], flags }) =>
      given({ ring: Number(ring), reason: why, is_forced: flags.has('force') ? true : undefined }),
  }),
  act({
    noun: 'release',
    verb: 'withdraw',
    summary: 'Move no tenant to a release any more',
    positionals: ['VERSION'],
    options: { reason: { ...reason, isRequired: true } },
    act: 'final',
    method: 'POST',
    path: (version) => `/releases/${version}/withdraw`,
    body: ({ reason: why }) => ({ reason: why }),
  }),
]
