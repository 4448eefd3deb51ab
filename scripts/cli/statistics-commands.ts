import { StatisticsView, TotalsView } from '#shared/contracts/statistics-api.ts'
import type { Asked, TenantCommand } from './command.ts'
import { statisticsText } from './statistics-text.ts'

const series = {
  since: { value: 'DAY', help: 'First day of the series, YYYY-MM-DD (30 days when not given)' },
  until: { value: 'DAY', help: 'Last day of the series (today when not given)' },
} as const

const eventStatistics: TenantCommand = {
  noun: 'event',
  verb: 'statistics',
  summary: 'Count the answers to an event',
  positionals: ['EVENT_ID'],
  options: {},
  async run(product, { positionals: [eventId = ''] }) {
    const statistics = StatisticsView.parse(await product.api(`/events/${encodeURIComponent(eventId)}/statistics`))
    return { text: statisticsText(statistics), json: statistics }
  },
}

const organizerStatistics: TenantCommand = {
  noun: 'organizer',
  verb: 'statistics',
  summary: 'Count the answers to all events of an organizer',
  positionals: ['ADDRESS'],
  options: series,
  async run(product, { positionals: [email = ''], options }) {
    return totalsOf(await product.api(`/organizers/${encodeURIComponent(email)}/statistics${queryOf(options)}`))
  },
}

const domainStatistics: TenantCommand = {
  noun: 'domain',
  verb: 'statistics',
  summary: 'Count the answers to all events of the domain',
  positionals: [],
  options: series,
  async run(product, { options }) {
    return totalsOf(await product.api(`/statistics${queryOf(options)}`))
  },
}

function totalsOf(answered: unknown) {
  const totals = TotalsView.parse(answered)
  const { created, cancelled } = totals.events
  return { text: statisticsText(totals, [['Events', `${created}, of which cancelled ${cancelled}`]]), json: totals }
}

function queryOf({ since, until }: Asked['options']): string {
  const query = new URLSearchParams({
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }).toString()
  return query === '' ? '' : `?${query}`
}

/** What was counted. */
export const statisticsCommands: readonly TenantCommand[] = [eventStatistics, organizerStatistics, domainStatistics]
