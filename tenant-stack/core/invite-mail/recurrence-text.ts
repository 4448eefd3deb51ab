import type { Words } from '../mail-template/language.ts'
import { formatter } from './date-formats.ts'

type Dates = Words['dates']
type Unit = Parameters<Dates['every']>[0]

const UNITS: ReadonlyMap<string, Unit> = new Map(
  (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const).map((unit) => [unit, unit]),
)
/** 5 January 2026 was a Monday. */
const MONDAY = Date.UTC(2026, 0, 5)
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** `weekly on Tue, Thu, 10 times` in English: the common rules in words; anything else is just `repeats`. */
export function recurrenceText(dates: Dates, rrules: readonly string[]): string {
  const [rrule, ...others] = rrules
  if (rrule === undefined) return ''
  const parts = new Map(
    rrule.split(';').map((part): [string, string] => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']),
  )
  const unit = UNITS.get(parts.get('FREQ') ?? '')
  if (unit === undefined || others.length > 0) return dates.repeats
  const every = dates.every(unit, Number(parts.get('INTERVAL') ?? '1'))
  const days = (parts.get('BYDAY') ?? '').split(',').map((day) => WEEKDAYS.indexOf(day))
  const hasDays = unit === 'WEEKLY' && !days.includes(-1)
  const shown = days.map((day) => formatter(dates.locale, 'weekday', 'UTC').format(MONDAY + day * 86_400_000))
  return withEnd(dates, hasDays ? dates.onDays(every, shown) : every, parts)
}

function withEnd(dates: Dates, rule: string, parts: ReadonlyMap<string, string>): string {
  const count = parts.get('COUNT')
  if (count !== undefined) return dates.times(rule, Number(count))
  const until = /^(\d{4})(\d{2})(\d{2})/.exec(parts.get('UNTIL') ?? '')
  if (until === null) return rule
  const day = Date.parse(`${until[1]}-${until[2]}-${until[3]}T00:00:00Z`)
  return dates.until(rule, dates.day(formatter(dates.locale, 'day', 'UTC').format(day)))
}
