import type { CalendarEvent } from '#tenant-stack/core/calendar-event/calendar-event.ts'

/** An event's validator (RFC 9110 §8.8.3) is its SEQUENCE: what everybody who is invited has been told. */
export function etagOf({ sequence }: Pick<CalendarEvent, 'sequence'>): string {
  return `"${sequence}"`
}

/** `If-Match` (RFC 9110 §13.1.1) as a contract takes it: one validator of ours, or `*`. */
export const IF_MATCH = /^(?:\*|"\d{1,9}")$/

/** The SEQUENCE that a request was made from; undefined: any. */
export function sequenceOf(ifMatch: string | undefined): number | undefined {
  return ifMatch === undefined || ifMatch === '*' ? undefined : Number(ifMatch.slice(1, -1))
}
