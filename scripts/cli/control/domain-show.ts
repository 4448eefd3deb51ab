import { DomainView } from '#shared/contracts/control-operations.ts'
import type { ControlCommand } from '../command.ts'
import { showTable } from './show.ts'

/** What a domain needs: each record expected and found. */
export const domainShow: ControlCommand = {
  plane: 'control',
  noun: 'domain',
  verb: 'show',
  summary: 'What to enter at the DNS provider, and what is found there',
  positionals: ['TENANT'],
  options: {},
  async run(control, { positionals: [tenantId = ''] }) {
    const view = DomainView.parse(await control.api(`/tenants/${encodeURIComponent(tenantId)}/domain`))
    const rows = view.records.map((record) => [
      record.state,
      record.name,
      record.type,
      record.expected.join(' '),
      record.found.join(' '),
    ])
    const wrong = view.records.filter(({ state }) => state !== 'ok').map(({ sentence }) => `  ${sentence}`)
    const stands = view.resources
      .filter(({ state }) => state !== 'ok')
      .map(({ key, state, found, since }) => `  ${key}: ${state.replace('_', ' ')}, ${found}, since ${since}`)
    return {
      text: [
        `${view.domain_name}: ${view.state}`,
        ...view.instructions.map((sentence) => `  ${sentence}`),
        ...(view.name_servers.length === 0 ? [] : [`  Name servers: ${view.name_servers.join(' ')}`]),
        '',
        showTable(['state', 'name', 'type', 'expected', 'found'], rows, 'No records were looked at yet.'),
        ...wrong,
        ...(stands.length === 0 ? [] : ['Outside of the server:', ...stands]),
      ].join('\n'),
      json: view,
    }
  },
}
