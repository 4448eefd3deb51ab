import type { CalendarWarning, ItipMethod } from '../model.ts'
import type { RecurrenceGate } from '../recurrence/recurrence-gate.ts'
import type { ZoneBook } from './zone-book.ts'

/** What reading one VCALENDAR shares between its components. */
export type CalendarContext = {
  readonly method: ItipMethod | undefined
  readonly zones: ZoneBook
  /** Epoch milliseconds of the mail's Date header, for a missing DTSTAMP. */
  readonly mailDate: number | undefined
  readonly refuseRule: RecurrenceGate
  readonly warn: (warning: CalendarWarning) => void
}

/** Methods that talk about an event without describing it: their times and rules need not be readable. */
export function describesNoEvent(method: ItipMethod | undefined): boolean {
  return method === 'REPLY' || method === 'REFRESH' || method === 'DECLINECOUNTER'
}
