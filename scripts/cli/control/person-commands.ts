import type { ControlCommand } from '../command.ts'
import { act } from './act.ts'
import { list } from './list.ts'
import { licenseeOption, ofLicensee, whose } from './whose.ts'

const role = {
  value: 'ROLE',
  help: 'owner, admin, billing or viewer; of the vendor vendor_admin or vendor_support',
  isRequired: true,
} as const

/** People of a licensee or of the vendor. */
export const personCommands: readonly ControlCommand[] = [
  list({
    noun: 'person',
    verb: 'list',
    summary: 'People of a licensee or of the vendor, invited ones among them',
    path: () => '/people',
    query: ofLicensee,
    columns: ['id', 'email', 'name', 'role', 'state', 'joined_at'],
    empty: 'Nobody yet. Invite somebody: npm run convoke -- person invite ADDRESS --role ROLE',
  }),
  act({
    noun: 'person',
    verb: 'invite',
    summary: 'Invite somebody by mail',
    positionals: ['ADDRESS'],
    options: { licensee: licenseeOption, role, name: { value: 'NAME', help: 'What the person is called' } },
    method: 'POST',
    path: () => '/people',
    query: ({ licensee }) => whose(licensee),
    body: ({ role: wanted, name }, { positionals: [email] }) => ({ email, name: name ?? email, role: wanted }),
  }),
  act({
    noun: 'person',
    verb: 'change',
    summary: 'Give somebody another role',
    positionals: ['PERSON'],
    options: { licensee: licenseeOption, role },
    method: 'PATCH',
    path: (personId) => `/people/${personId}`,
    query: ({ licensee }) => whose(licensee),
    body: ({ role: wanted }) => ({ role: wanted }),
  }),
  act({
    noun: 'person',
    verb: 'remove',
    summary: 'Take somebody out, or an invitation back, at once',
    positionals: ['PERSON'],
    options: { licensee: licenseeOption },
    act: 'final',
    method: 'DELETE',
    path: (personId) => `/people/${personId}`,
    query: ({ licensee }) => whose(licensee),
  }),
  act({
    noun: 'person',
    verb: 'reset-passkeys',
    summary: 'One of the vendor’s people lost his passkeys: end them and his sessions',
    positionals: ['PERSON'],
    options: { reason: { value: 'TEXT', help: 'How it is known that it is he who asks', isRequired: true } },
    method: 'POST',
    act: 'final',
    path: (personId) => `/people/${personId}/reset-passkeys`,
    body: ({ reason }) => ({ reason }),
    text: () => 'Reset: a mailed link lets him add a first passkey again.',
  }),
]
