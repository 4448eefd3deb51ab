import type * as z from 'zod'
import type { StatisticsView } from '#shared/contracts/statistics-api.ts'
import type { CounterDelta, EventCounts } from './counters.ts'

type Numbers = Omit<z.infer<typeof StatisticsView>, 'event_id'>

/** Counts as the API tells them, of an event or added up over many. */
export function numbersOf(counts: CounterDelta, days: EventCounts['days']): Numbers {
  const attendees = of(counts, 'invited')
  const answered = {
    accepted: of(counts, 'accepted'),
    declined: of(counts, 'declined'),
    tentative: of(counts, 'tentative'),
    delegated: of(counts, 'delegated'),
  }
  const answeredCount = answered.accepted + answered.declined + answered.tentative + answered.delegated
  return {
    attendees,
    answers: { ...answered, none: Math.max(attendees - answeredCount, 0) },
    mail: {
      sent: of(counts, 'sent'),
      failed: of(counts, 'failed'),
      suppressed: of(counts, 'suppressed'),
      delivered: of(counts, 'delivered'),
      rejected: of(counts, 'rejected'),
      bounced: of(counts, 'bounced'),
      complained: of(counts, 'complained'),
    },
    channels: withPrefix(counts, 'channel_'),
    clients: withPrefix(counts, 'client_'),
    proposals: of(counts, 'proposals'),
    answered_older_time: of(counts, 'answeredOlderTime'),
    over_time: days
      .map(dayNumbers)
      .filter((day) => Object.values(day).some((one) => typeof one === 'number' && one !== 0)),
  }
}

function dayNumbers({ day, counts }: EventCounts['days'][number]): Numbers['over_time'][number] {
  return {
    day,
    invited: of(counts, 'invited'),
    sent: of(counts, 'sent'),
    failed: of(counts, 'failed'),
    delivered: of(counts, 'delivered'),
    bounced: of(counts, 'bounced'),
    complained: of(counts, 'complained'),
    accepted: of(counts, 'accepted'),
    declined: of(counts, 'declined'),
    tentative: of(counts, 'tentative'),
  }
}

function of(counts: CounterDelta, name: string): number {
  return counts[name] ?? 0
}

function withPrefix(counts: CounterDelta, prefix: string): CounterDelta {
  const matching = Object.entries(counts).filter(([name, count]) => name.startsWith(prefix) && count !== 0)
  return Object.fromEntries(matching.map(([name, count]) => [name.slice(prefix.length), count]))
}
