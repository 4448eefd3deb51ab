import type { ControlCommand } from '../command.ts'
import { act, given } from './act.ts'
import { list } from './list.ts'
import { licenseeOption, ofLicensee, whose } from './whose.ts'

const positionals = ['DOMAIN'] as const
const options = { licensee: licenseeOption } as const

/** Names that somebody else holds, and how each side proves that they are its own. */
export const claimCommands: readonly ControlCommand[] = [
  act({
    noun: 'claim',
    verb: 'ask',
    summary: 'Ask how to prove a name that somebody else holds, or that was lost',
    positionals,
    options,
    method: 'POST',
    path: () => '/claims',
    body: ({ licensee }, { positionals: [domainName] }) => given({ domain_name: domainName, licensee_id: licensee }),
  }),
  list({
    noun: 'claim',
    verb: 'list',
    summary: 'Names that a licensee proves',
    path: () => '/claims',
    query: ofLicensee,
    columns: ['domain_name', 'decision', 'record.value', 'issued_at', 'ends_at'],
    empty: 'No name is being proven. Ask: npm run convoke -- claim ask DOMAIN',
  }),
  act({
    noun: 'claim',
    verb: 'check',
    summary: 'Look for the record that proves a name now',
    positionals,
    options,
    method: 'POST',
    path: (domainName) => `/claims/${domainName}/check`,
    query: ({ licensee }) => whose(licensee),
  }),
  list({
    noun: 'contest',
    verb: 'list',
    summary: 'Names that somebody else has proven',
    path: () => '/contests',
    query: ofLicensee,
    columns: ['domain_name', 'state', 'opened_at', 'unbind_at', 'ended_at', 'owner_id', 'challenger_id'],
    empty: 'No name is contested.',
  }),
  act({
    noun: 'contest',
    verb: 'keep',
    summary: 'Ask for the record by which the holder keeps a contested name',
    positionals,
    options,
    method: 'POST',
    path: (domainName) => `/contests/${domainName}/keep`,
    query: ({ licensee }) => whose(licensee),
  }),
]
