import type { ControlCommand } from '../command.ts'
import { act } from './act.ts'
import { list } from './list.ts'
import { licenseeOption, ofLicensee, whose } from './whose.ts'

const positionals = ['KEY'] as const
const options = { licensee: licenseeOption } as const

/** Keys of the control plane; those of a tenant's own API are under `key`. */
export const controlKeyCommands: readonly ControlCommand[] = [
  list({
    noun: 'control-key',
    verb: 'list',
    summary: 'Keys of a licensee or of the vendor, revoked ones among them',
    path: () => '/keys',
    query: ofLicensee,
    columns: ['id', 'label', 'role', 'state', 'ends_at', 'last_used_at'],
    empty: 'No keys yet. Mint one: npm run convoke -- control-key mint LABEL --role ROLE',
  }),
  act({
    noun: 'control-key',
    verb: 'mint',
    summary: 'Mint a key; its secret is shown once',
    positionals: ['LABEL'],
    options: { ...options, role: { value: 'ROLE', help: 'What it may do, at most what you may', isRequired: true } },
    method: 'POST',
    path: () => '/keys',
    query: ({ licensee }) => whose(licensee),
    body: ({ role }, { positionals: [label] }) => ({ label, role }),
  }),
  act({
    noun: 'control-key',
    verb: 'rotate',
    summary: 'Mint a key’s successor; the old one lives on for a day',
    positionals,
    options,
    method: 'POST',
    path: (keyId) => `/keys/${keyId}/rotate`,
    query: ({ licensee }) => whose(licensee),
  }),
  act({
    noun: 'control-key',
    verb: 'revoke',
    summary: 'Revoke a key, at once',
    positionals,
    options,
    act: 'final',
    method: 'DELETE',
    path: (keyId) => `/keys/${keyId}`,
    query: ({ licensee }) => whose(licensee),
  }),
]
