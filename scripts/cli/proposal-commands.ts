import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import { pageOf } from '#shared/contracts/api.ts'
import { ProposalView } from '#shared/contracts/replies-api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { timeText } from './lines.ts'

const proposalList: TenantCommand = {
  noun: 'proposal',
  verb: 'list',
  summary: 'See the other times that attendees of an event propose, oldest first',
  positionals: ['EVENT_ID'],
  options: {
    limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { positionals: [eventId = ''], options }) {
    const limit = options.limit ?? '20'
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(options.after === undefined ? {} : { after: options.after }) })
    const page = pageOf(ProposalView).parse(
      await product.api(`/events/${encodeURIComponent(eventId)}/proposals?${query}`),
    )
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    return {
      text: page.data.length === 0 ? 'Nobody proposes another time.' : [...page.data.map(lineOf), ...more].join('\n'),
      json: page,
    }
  },
}

function lineOf({ id, state, proposed_by, from, to, comment }: z.infer<typeof ProposalView>): string {
  const times = `${timeText(from.start)} → ${timeText(to.start)}`
  return [state, proposed_by, times, ...(comment === undefined ? [] : [JSON.stringify(comment)]), id].join('  ')
}

function deciding(verb: 'accept' | 'decline', summary: string): TenantCommand {
  return {
    noun: 'proposal',
    verb,
    summary,
    positionals: ['PROPOSAL_ID'],
    options: {},
    async run(product, { positionals: [proposalId = ''] }) {
      const path = `/proposals/${encodeURIComponent(proposalId)}/${verb}`
      const proposal = ProposalView.parse(
        await product.api(path, { method: 'POST', headers: { 'idempotency-key': randomUUID() } }),
      )
      return { text: lineOf(proposal), json: proposal }
    },
  }
}

/** Other times that attendees propose. */
export const proposalCommands: readonly TenantCommand[] = [
  proposalList,
  deciding('accept', 'Move the event to a proposed time, and tell everybody who has to know'),
  deciding('decline', 'Keep the time, and tell the one who proposed another'),
]
