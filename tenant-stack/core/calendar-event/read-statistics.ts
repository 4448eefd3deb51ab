import type * as z from 'zod'
import type { StatisticsView } from '#shared/contracts/api.ts'
import type { Ctx } from '../context.ts'
import { type CounterDelta, readCounts } from '../counters/counters.ts'
import { getEvent } from './event-store.ts'

/** The numbers of one event, from its counters. Answers count from the last revision that reset them. */
export async function readStatistics(ctx: Ctx, eventId: string): Promise<z.infer<typeof StatisticsView>> {
  const calendarEvent = await getEvent(ctx, eventId)
  const { totals, answers, days } = await readCounts(ctx, eventId, calendarEvent.lastResetSequence)
  const attendees = of(totals, 'invited')
  const answered = {
    accepted: of(answers, 'accepted'),
    declined: of(answers, 'declined'),
    tentative: of(answers, 'tentative'),
    delegated: of(answers, 'delegated'),
  }
  const answeredCount = answered.accepted + answered.declined + answered.tentative + answered.delegated
  return {
    event_id: eventId,
    attendees,
    answers: { ...answered, none: Math.max(attendees - answeredCount, 0) },
    mail: {
      sent: of(totals, 'sent'),
      failed: of(totals, 'failed'),
      delivered: of(totals, 'delivered'),
      rejected: of(totals, 'rejected'),
      bounced: of(totals, 'bounced'),
      complained: of(totals, 'complained'),
    },
    channels: withPrefix(totals, 'channel_'),
    clients: withPrefix(totals, 'client_'),
    proposals: of(totals, 'proposals'),
    answered_older_time: of(totals, 'answeredOlderTime'),
    over_time: days.map(({ day, counts }) => ({
      day,
      invited: of(counts, 'invited'),
      sent: of(counts, 'sent'),
      accepted: of(counts, 'accepted'),
      declined: of(counts, 'declined'),
      tentative: of(counts, 'tentative'),
    })),
  }
}

function of(counts: CounterDelta, name: string): number {
  return counts[name] ?? 0
}

function withPrefix(counts: CounterDelta, prefix: string): CounterDelta {
  const matching = Object.entries(counts).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(matching.map(([name, count]) => [name.slice(prefix.length), count]))
}
