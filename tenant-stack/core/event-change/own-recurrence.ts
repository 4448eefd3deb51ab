import { occursAt } from '#shared/icalendar/recurrence/occurs-at.ts'
import { toSendableSeries } from '#shared/icalendar/recurrence/sendable-series.ts'
import type { Ctx } from '../context.ts'

/**
 * Works recurrence out in this process instead of the reader's child: whoever asks holds a key, every rule passed the gate before it was
 * stored, and both walks end after a fixed number of steps. The function that answers the API then needs no mail reader beside it.
 */
export function withOwnRecurrence(ctx: Ctx): Ctx {
  return {
    ...ctx,
    reader: {
      ...ctx.reader,
      occurs: async ({ series, recurrenceKeys }) => ({ kind: 'done', value: occursAt(series, recurrenceKeys) }),
      sendable: async (series) => ({ kind: 'done', value: toSendableSeries(series) }),
    },
  }
}
