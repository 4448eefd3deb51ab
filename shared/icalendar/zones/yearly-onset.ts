import { DAY_MS } from '../civil.ts'

const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/**
 * Wall-clock milliseconds of a yearly rule's onset in one year; undefined when there is none, or when the rule is not one of the
 * shapes time zones are described by (FREQ=YEARLY with BYMONTH and BYDAY, BYMONTHDAY, both, or neither). Costs no iteration, so a
 * hostile rule inside a VTIMEZONE is harmless.
 */
export function yearlyOnset(rrule: string, startWallMs: number, year: number): number | undefined {
  const parts = new Map(
    rrule
      .toUpperCase()
      .split(';')
      .map((part): [string, string] => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  const start = new Date(startWallMs)
  const interval = Number(parts.get('INTERVAL') ?? '1')
  if (parts.get('FREQ') !== 'YEARLY' || !(interval >= 1)) return undefined
  if ((year - start.getUTCFullYear()) % interval !== 0) return undefined
  const month = Number(parts.get('BYMONTH') ?? start.getUTCMonth() + 1)
  const day = dayOf(parts, start, year, month)
  if (day === undefined || !(month >= 1 && month <= 12)) return undefined
  return Date.UTC(year, month - 1, day) + (startWallMs - Math.floor(startWallMs / DAY_MS) * DAY_MS)
}

function dayOf(parts: ReadonlyMap<string, string>, start: Date, year: number, month: number): number | undefined {
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const monthDays = parts
    .get('BYMONTHDAY')
    ?.split(',')
    .map((text) => Number(text))
    .map((day) => (day < 0 ? daysInMonth + 1 + day : day))
  const byDay = parts.get('BYDAY')
  if (byDay === undefined) {
    const day = monthDays?.[0] ?? start.getUTCDate()
    return day >= 1 && day <= daysInMonth ? day : undefined
  }
  const ordinal = Number(/^[+-]?\d+/.exec(byDay)?.[0] ?? '0')
  const weekday = WEEKDAYS.indexOf(byDay.slice(-2))
  const matching = Array.from({ length: daysInMonth }, (_, index) => index + 1)
    .filter((day) => new Date(Date.UTC(year, month - 1, day)).getUTCDay() === weekday)
    .filter((day) => monthDays === undefined || monthDays.includes(day))
  return matching.at(ordinal > 0 ? ordinal - 1 : ordinal)
}
