import { Temporal } from 'temporal-polyfill'

/** One change of a zone's offset; seconds east of UTC. `wallMs` is the wall clock just before it, as if it were UTC. */
export type Transition = {
  readonly atMs: number
  readonly wallMs: number
  readonly offsetFromSeconds: number
  readonly offsetToSeconds: number
}

export type ZoneHistory = {
  /** The offset in force at `fromMs`. */
  readonly offsetSeconds: number
  /** The change that brought it; undefined when the zone never had another offset. */
  readonly previous: Transition | undefined
  /** Every change after `fromMs` up to `toMs`, ascending. */
  readonly transitions: readonly Transition[]
}

/** Morocco, the busiest zone, changes its offset twice a year; this ends a walk that would not end. */
const TRANSITIONS_MAX = 1000

/** What the IANA data says of a zone between two instants (epoch ms). Throws RangeError when the runtime knows no such zone. */
export function zoneHistory(tzid: string, fromMs: number, toMs: number): ZoneHistory {
  const start = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(tzid)
  // "previous" is strict: one millisecond later also finds the change that happens at `fromMs` itself.
  const before = start.add({ milliseconds: 1 }).getTimeZoneTransition('previous')
  const transitions: Transition[] = []
  let next = start.getTimeZoneTransition('next')
  while (next !== null && next.epochMilliseconds <= toMs && transitions.length < TRANSITIONS_MAX) {
    transitions.push(transitionAt(next))
    next = next.getTimeZoneTransition('next')
  }
  return {
    offsetSeconds: secondsOf(start),
    previous: before === null ? undefined : transitionAt(before),
    transitions,
  }
}

function transitionAt(after: Temporal.ZonedDateTime): Transition {
  const offsetFromSeconds = secondsOf(after.subtract({ milliseconds: 1 }))
  const atMs = after.epochMilliseconds
  return { atMs, wallMs: atMs + offsetFromSeconds * 1000, offsetFromSeconds, offsetToSeconds: secondsOf(after) }
}

function secondsOf(time: Temporal.ZonedDateTime): number {
  return Math.round(time.offsetNanoseconds / 1e9)
}
