import * as z from 'zod'
import { toInstantMs } from '#shared/icalendar/times.ts'
import type { TableKey, WriteOperation } from '#shared/platform/table.ts'
import { sortableTime } from '../unfinished.ts'
import type { CalendarEvent } from './calendar-event.ts'

/** Where a series without end stands among starts: behind every date (the year 9999). */
export const ENDLESS_MS = Date.UTC(9999, 11, 31)

/** What lists are filtered by; kept in step by the transaction that changes the event. */
export const IndexRow = z.object({
  eventId: z.string(),
  // Rows of before there were filters name the event alone: they are in the unfiltered list.
  organizerAddress: z.string().default(''),
  status: z.enum(['confirmed', 'cancelled']).default('confirmed'),
  createdAt: z.number().default(0),
  lastStartsAt: z.number().default(0),
})
export type IndexRow = z.infer<typeof IndexRow>

/** The rows by which an event is found: of the domain and of its organizer, each by creation and by start. */
export function indexOperations(before: CalendarEvent | undefined, after: CalendarEvent): readonly WriteOperation[] {
  const row = indexRowOf(after)
  const [was, is] = [before === undefined ? undefined : indexRowOf(before), row]
  if (was?.status === is.status && was.lastStartsAt === is.lastStartsAt) return []
  const keys = keysOf(is)
  const names = new Set(keys.map(nameOf))
  return [
    ...(was === undefined ? [] : keysOf(was))
      .filter((key) => !names.has(nameOf(key)))
      .map((key): WriteOperation => ({ kind: 'delete', key })),
    ...keys.map((key): WriteOperation => ({ kind: 'put', item: { ...key, ...row } })),
  ]
}

/** Partition of the domain's events created in a month (`YYYY-MM`). */
export function createdPartition(month: string): string {
  return `events#${month}`
}

/** Partition of all events of the domain by start: organizers make events one by one, far below what a partition takes. */
export const STARTS_PARTITION = 'events-by-start'

export function organizerPartition(organizerAddress: string): string {
  return `organizer-events#${organizerAddress}`
}

function indexRowOf(calendarEvent: CalendarEvent): IndexRow {
  const { eventId, organizerAddress, status, createdAt, dtstart } = calendarEvent
  return {
    eventId,
    organizerAddress,
    status,
    createdAt,
    lastStartsAt: calendarEvent.lastStartsAt ?? toInstantMs(dtstart),
  }
}

function keysOf({ eventId, organizerAddress, createdAt, lastStartsAt }: IndexRow): readonly TableKey[] {
  const created = `${sortableTime(createdAt)}#${eventId}`
  const start = `${sortableTime(lastStartsAt)}#${eventId}`
  return [
    { pk: createdPartition(new Date(createdAt).toISOString().slice(0, 7)), sk: created },
    { pk: STARTS_PARTITION, sk: start },
    { pk: organizerPartition(organizerAddress), sk: `created#${created}` },
    { pk: organizerPartition(organizerAddress), sk: `start#${start}` },
  ]
}

function nameOf({ pk, sk }: TableKey): string {
  return `${pk}\n${sk}`
}
