import type * as z from 'zod'
import type { StatisticsView } from '#shared/contracts/statistics-api.ts'
import type { Ctx } from '../context.ts'
import { readCounts } from '../counters/counters.ts'
import { numbersOf } from '../counters/numbers.ts'
import { getEvent } from './event-store.ts'

/** The numbers of one event, from its counters. Answers count from the last revision that reset them. */
export async function readStatistics(ctx: Ctx, eventId: string): Promise<z.infer<typeof StatisticsView>> {
  const calendarEvent = await getEvent(ctx, eventId)
  const { totals, answers, days } = await readCounts(ctx, eventId, calendarEvent.lastResetSequence)
  return { event_id: eventId, ...numbersOf({ ...totals, ...answers }, days) }
}
