import type { ControlCommand } from '../command.ts'
import { act, given } from './act.ts'
import { list } from './list.ts'

const reason = { value: 'TEXT', help: 'Kept in the audit log' } as const

/** Cells that tenants stand in, and releases that they are made of. */
export const estateCommands: readonly ControlCommand[] = [
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
