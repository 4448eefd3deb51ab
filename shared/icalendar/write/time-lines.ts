import { instantFromMs } from '../civil.ts'
import type { CalendarTime, Instant } from '../model.ts'
import { toInstantMs } from '../times.ts'
import { parameterValue } from './escape.ts'

/** How the times of one calendar are written: the zones kept by name are collected, each needs its VTIMEZONE. */
export type TimeStyle = {
  /** True in a recurring series; a single event is written in UTC, so that no receiver can get its zone wrong. */
  readonly keepsZones: boolean
  readonly tzids: Set<string>
}

/** `20260303T090000Z`. */
export function basicInstant(instant: Instant): string {
  return checked(instant.replace(/[-:]/g, ''), /^\d{8}T\d{6}Z$/)
}

/** A date or time property: `DTSTART;TZID=Europe/Madrid:20260303T100000`, `DTEND:…Z`, `EXDATE;VALUE=DATE:20260303`. */
export function timeLine(name: string, time: CalendarTime, style: TimeStyle): string {
  const written = time.kind === 'zoned' && !style.keepsZones ? inUtc(time) : time
  switch (written.kind) {
    case 'date':
      return `${name};VALUE=DATE:${checked(written.date.replaceAll('-', ''), /^\d{8}$/)}`
    case 'utc':
      return `${name}:${basicInstant(written.instant)}`
    case 'floating':
      return `${name}:${basicLocal(written.local)}`
    case 'zoned':
      style.tzids.add(written.tzid)
      return `${name};TZID=${parameterValue(written.tzid)}:${basicLocal(written.local)}`
  }
}

/** `20260303T100000`. */
export function basicLocal(local: string): string {
  return checked(local.replace(/[-:]/g, ''), /^\d{8}T\d{6}$/)
}

function inUtc(time: CalendarTime): CalendarTime {
  return { kind: 'utc', instant: instantFromMs(toInstantMs(time)) }
}

/** A time that is not one is a bug of the reader; written out it could end the line it stands in. */
function checked(text: string, shape: RegExp): string {
  if (!shape.test(text)) throw new Error(`not a calendar time: ${JSON.stringify(text)}`)
  return text
}
