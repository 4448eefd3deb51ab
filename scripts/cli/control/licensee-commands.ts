import type { ControlCommand } from '../command.ts'
import { act, given } from './act.ts'
import { list } from './list.ts'
import { look } from './look.ts'
import { ofLicensee } from './whose.ts'

/** Licensees, and what was done for them. */
export const licenseeCommands: readonly ControlCommand[] = [
  act({
    noun: 'licensee',
    verb: 'add',
    summary: 'Add a licensee; with an owner, who is invited by mail',
    positionals: ['NAME'],
    options: {
      email: { value: 'ADDRESS', help: 'Where invoices and reminders go', isRequired: true },
      owner: { value: 'ADDRESS', help: 'His first person' },
      'owner-name': { value: 'NAME', help: 'What that person is called' },
      trusted: { help: 'May be given a licence before its invoice is paid' },
    },
    method: 'POST',
    path: () => '/licensees',
    body: (options, { positionals: [name], flags }) =>
      given({
        name,
        billing_email: options.email,
        is_trusted: flags.has('trusted') ? true : undefined,
        owner:
          options.owner === undefined
            ? undefined
            : { email: options.owner, name: options['owner-name'] ?? options.owner },
      }),
  }),
  list({
    noun: 'licensee',
    verb: 'list',
    summary: 'Licensees by name',
    path: () => '/licensees',
    query: { name: { name: 'name', row: { value: 'TEXT', help: 'Those whose name begins so' } } },
    columns: ['id', 'name', 'billing_email', 'is_trusted', 'created_at'],
    empty: 'No licensees yet. Add one: npm run convoke -- licensee add NAME --email ADDRESS',
  }),
  act({
    noun: 'licensee',
    verb: 'change',
    summary: 'Change a licensee’s name or address',
    positionals: ['LICENSEE'],
    options: {
      name: { value: 'NAME', help: 'New name' },
      email: { value: 'ADDRESS', help: 'New billing address' },
      early: { value: 'yes|no', help: 'New tenants stand in canary cells; the vendor’s to say' },
    },
    method: 'PATCH',
    path: (licenseeId) => `/licensees/${licenseeId}`,
    body: ({ name, email, early }) =>
      given({ name, billing_email: email, is_early: early === undefined ? undefined : early === 'yes' }),
  }),
  look({
    noun: 'licensee',
    verb: 'show',
    summary: 'One licensee',
    positionals: ['LICENSEE'],
    path: (licenseeId) => `/licensees/${licenseeId}`,
  }),
  list({
    noun: 'audit',
    verb: 'list',
    summary: 'Who did what, newest first',
    path: () => '/audit',
    query: {
      ...ofLicensee,
      from: { name: 'from', row: { value: 'DAY', help: 'First UTC day' } },
      to: { name: 'to', row: { value: 'DAY', help: 'Last UTC day' } },
    },
    columns: ['at', 'action', 'target.id', 'actor.type', 'actor.id', 'result', 'reason'],
    empty: 'Nothing was done yet.',
  }),
]
