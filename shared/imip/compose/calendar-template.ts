import type { InviteCalendar } from '#shared/icalendar/write/invite-calendar.ts'
import { base64Lines } from './base64.ts'

/**
 * A stretch of calendar as base64 that begins right after a personal region. Base64 goes by threes, and where the region ends
 * depends on the attendee; so each stretch is prepared three times, for each number of octets the region borrows from it.
 */
export type Stretch = {
  readonly borrowed: Uint8Array
  readonly lines: Buffer
  /** 0..2 octets left over, with which the next region begins. */
  readonly rest: Uint8Array
}

/** Indexed by the number of borrowed octets. */
export type Phases = readonly [Stretch, Stretch, Stretch]

export type CalendarTemplate = {
  /** Base64 of the whole triples before the first region. */
  readonly head: Buffer
  readonly headRest: Uint8Array
  /** One per VEVENT, the last one closes the calendar. */
  readonly stretches: readonly Phases[]
}

export function calendarTemplate({ pieces }: InviteCalendar): CalendarTemplate {
  const [first = '', ...others] = pieces
  const head = stretchOf(Buffer.from(first, 'utf8'), 0, false)
  const stretches = others.map((piece, index): Phases => {
    const octets = Buffer.from(piece, 'utf8')
    const isLast = index === others.length - 1
    return [stretchOf(octets, 0, isLast), stretchOf(octets, 1, isLast), stretchOf(octets, 2, isLast)]
  })
  return { head: head.lines, headRest: head.rest, stretches }
}

function stretchOf(octets: Buffer, borrowed: number, isLast: boolean): Stretch {
  const restOctets = isLast ? 0 : (octets.length - borrowed) % 3
  const end = octets.length - restOctets
  return {
    borrowed: octets.subarray(0, borrowed),
    lines: Buffer.from(base64Lines(octets.subarray(borrowed, end)), 'latin1'),
    rest: octets.subarray(end),
  }
}
