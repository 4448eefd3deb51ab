import type { CustomZone } from '../model.ts'

/** No zone has ever been further from UTC than this; RFC 5545 sets no bound, so a larger one is a mistake. */
const OFFSET_SECONDS_MAX = 16 * 3600

const OFFSET_NAME = /^\(?(?:UTC|GMT|Z)?\s*([+-])\s*(\d{1,2}):?(\d\d)?\)?$/i

/** Seconds east of UTC of a name that is nothing but an offset (`UTC+2`, `GMT-0500`, `+05:30`); undefined for any other. */
export function offsetOfName(name: string): number | undefined {
  const match = OFFSET_NAME.exec(name.trim())
  if (match === null) return undefined
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? '0') * 60
  if (seconds > OFFSET_SECONDS_MAX || Number(match[3] ?? '0') > 59) return undefined
  return match[1] === '-' ? -seconds : seconds
}

/** The IANA zone of a whole-hour offset; its names count westward, so the sign is turned. */
export function ianaOfOffset(offsetSeconds: number): string | undefined {
  const hours = offsetSeconds / 3600
  if (!Number.isInteger(hours) || hours < -12 || hours > 14) return undefined
  return hours === 0 ? 'Etc/UTC' : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

/** A zone that never changes, for the offsets IANA has no name for. */
export function zoneOfOffset(offsetSeconds: number): CustomZone {
  const minutes = Math.abs(offsetSeconds) / 60
  const name = `UTC${offsetSeconds < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}${pad(Math.floor(minutes % 60))}`
  return {
    tzid: name,
    observances: [
      {
        kind: 'standard',
        start: '1970-01-01T00:00:00',
        offsetFromSeconds: offsetSeconds,
        offsetToSeconds: offsetSeconds,
        name,
      },
    ],
  }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
