import { EventView, pageOf } from '#shared/contracts/api.ts'
import { CliFailure } from './cli-failure.ts'
import type { Answer, Asked, TenantCommand } from './command.ts'
import { timeText } from './lines.ts'
import type { Product } from './product.ts'

const filters = {
  limit: { value: 'NUMBER', help: 'How many, at most 200 (20 when not given)' },
  after: { value: 'CURSOR', help: 'The next_cursor of the page before (--json shows it)' },
  sort: { value: 'ORDER', help: '-created (when not given), created, start or -start' },
  status: { value: 'STATUS', help: 'Only confirmed or cancelled ones' },
  time: { value: 'TIME', help: 'Only past or future ones; past: the last date has begun' },
  'created-since': { value: 'DAY', help: 'Only those made since, YYYY-MM-DD or an instant' },
} as const

export const eventList: TenantCommand = {
  noun: 'event',
  verb: 'list',
  summary: 'List the events, newest first',
  positionals: [],
  options: { ...filters, organizer: { value: 'ADDRESS', help: 'Only those of this organizer' } },
  run: (product, asked) => list(product, '/events', asked),
}

export const organizerEvents: TenantCommand = {
  noun: 'organizer',
  verb: 'events',
  summary: 'List the events of an organizer, newest first',
  positionals: ['ADDRESS'],
  options: filters,
  run: (product, asked) => list(product, `/organizers/${encodeURIComponent(asked.positionals[0] ?? '')}/events`, asked),
}

async function list(product: Product, path: string, { options }: Asked): Promise<Answer> {
  const { limit = '20', 'created-since': since, ...others } = options
  if (!/^\d{1,3}$/.test(limit)) throw CliFailure.usage('--limit is a number up to 200')
  const query = new URLSearchParams({ limit, ...(since === undefined ? {} : { created_since: since }) })
  for (const [name, value] of Object.entries(others)) if (value !== undefined) query.set(name, value)
  const page = pageOf(EventView).parse(await product.api(`${path}?${query}`))
  const rows = page.data.map((event) =>
    [event.id, timeText(event.start), event.status === 'cancelled' ? 'cancelled' : '', event.subject]
      .filter((text) => text !== '')
      .join('  '),
  )
  const more = page.has_more ? [`more: --after '${page.next_cursor ?? ''}'`] : []
  return { text: rows.length + more.length === 0 ? emptyText(query) : [...rows, ...more].join('\n'), json: page }
}

function emptyText(query: URLSearchParams): string {
  return [...query.keys()].length > 1
    ? 'There are no such events.'
    : 'No events yet. Send one: npm run convoke -- mail send samples/google-single-timed.eml --to create@…'
}
