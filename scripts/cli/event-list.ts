import { EventView, pageOf } from '#shared/contracts/api.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { timeText } from './lines.ts'

export const eventList: TenantCommand = {
  noun: 'event',
  verb: 'list',
  summary: 'List the events, newest first',
  positionals: [],
  options: {
    limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
    after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  },
  async run(product, { options }) {
    const limit = options.limit ?? '20'
    if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
    const query = new URLSearchParams({ limit, ...(options.after === undefined ? {} : { after: options.after }) })
    const page = pageOf(EventView).parse(await product.api(`/events?${query}`))
    const rows = page.data.map((event) =>
      [event.id, timeText(event.start), event.status === 'cancelled' ? 'cancelled' : '', event.subject]
        .filter((text) => text !== '')
        .join('  '),
    )
    const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
    const empty = 'No events yet. Send one: npm run convoke -- mail send samples/google-single-timed.eml --to create@…'
    return { text: rows.length === 0 ? empty : [...rows, ...more].join('\n'), json: page }
  },
}
