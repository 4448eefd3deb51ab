import { type RuleParts, ruleText } from '../recurrence/rule-parts.ts'
import { isReadableRecur } from './ical-js.ts'

/** A rule as far as it can be kept; `rrule` is undefined when nothing of it can (case 22: then the event is single). */
export type CleanedRule = { readonly rrule: string | undefined; readonly isChanged: boolean }

const FREQS = new Set(['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'])
const WEEKDAY = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/

type Range = { readonly min: number; readonly max: number; readonly mayBeNegative: boolean }

const RANGES: ReadonlyMap<string, Range> = new Map(
  Object.entries({
    BYSECOND: { min: 0, max: 59, mayBeNegative: false },
    BYMINUTE: { min: 0, max: 59, mayBeNegative: false },
    BYHOUR: { min: 0, max: 23, mayBeNegative: false },
    BYMONTHDAY: { min: 1, max: 31, mayBeNegative: true },
    BYYEARDAY: { min: 1, max: 366, mayBeNegative: true },
    BYWEEKNO: { min: 1, max: 53, mayBeNegative: true },
    BYMONTH: { min: 1, max: 12, mayBeNegative: false },
    BYSETPOS: { min: 1, max: 366, mayBeNegative: true },
  }),
)

/** RFC 5545 §3.3.10: parts that have no meaning with a frequency. */
const FORBIDDEN: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    BYMONTHDAY: ['WEEKLY'],
    BYYEARDAY: ['DAILY', 'WEEKLY', 'MONTHLY'],
    BYWEEKNO: ['MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'],
  }),
)

/** Upper case, no spaces, legal parts only; UNTIL is kept as text and normalised against DTSTART by the caller. */
export function cleanRule(text: string): CleanedRule {
  const tidy = text
    .toUpperCase()
    .replaceAll(/\s/g, '')
    .replace(/^RRULE:/, '')
    .replaceAll(/;+$/g, '')
  const written = new Map<string, string>()
  for (const part of tidy.split(';')) {
    const [name = '', value = ''] = part.split('=', 2)
    if (name !== '' && !written.has(name)) written.set(name, value)
  }
  const freq = written.get('FREQ') ?? ''
  if (!FREQS.has(freq) || !isGregorian(written)) return { rrule: undefined, isChanged: true }
  const parts = new Map<string, string>([['FREQ', freq]])
  for (const [name, value] of written) {
    const clean = name === 'FREQ' ? undefined : cleanPart(name, value, freq)
    if (clean !== undefined) parts.set(name, clean)
  }
  const isSetPosAlone = parts.has('BYSETPOS') && ![...parts.keys()].some((name) => /^BY(?!SETPOS)/.test(name))
  if (isSetPosAlone) parts.delete('BYSETPOS')
  const rrule = ruleText(parts)
  if (parts.get('COUNT') === '0' || !isReadableRecur(withoutUntil(parts))) return { rrule: undefined, isChanged: true }
  return { rrule, isChanged: rrule !== text.trim() }
}

/** RFC 7529: another calendar's rule cannot be sent to clients that know only Gregorian ones. */
function isGregorian(parts: RuleParts): boolean {
  const rscale = parts.get('RSCALE')
  return rscale === undefined || rscale === 'GREGORIAN'
}

/** The part's value with illegal list entries left out; undefined when the part is not to be kept. */
function cleanPart(name: string, value: string, freq: string): string | undefined {
  if (name === 'UNTIL') return value
  if (name === 'INTERVAL') return positive(value)
  if (name === 'COUNT') return /^0+$/.test(value) ? '0' : positive(value)
  if (name === 'WKST') return WEEKDAY.exec(value)?.[2]
  if (FORBIDDEN.get(name)?.includes(freq) === true) return undefined
  if (name === 'BYDAY') return cleanList(value, (entry) => cleanWeekday(entry, freq))
  const range = RANGES.get(name)
  return range === undefined ? undefined : cleanList(value, (entry) => cleanNumber(entry, range))
}

function positive(value: string): string | undefined {
  const number = /^\+?(\d{1,15})$/.exec(value)?.[1]
  return number === undefined || Number(number) === 0 ? undefined : String(Number(number))
}

function cleanList(value: string, clean: (entry: string) => string | undefined): string | undefined {
  const kept = value
    .split(',')
    .map(clean)
    .filter((entry) => entry !== undefined)
  return kept.length === 0 ? undefined : [...new Set(kept)].join(',')
}

/** Only monthly and yearly rules count weekdays; elsewhere the number is dropped. */
function cleanWeekday(entry: string, freq: string): string | undefined {
  const match = WEEKDAY.exec(entry)
  if (match === null) return undefined
  const ordinal = Number(match[1] ?? '0')
  const isCounted = (freq === 'MONTHLY' || freq === 'YEARLY') && ordinal !== 0 && Math.abs(ordinal) <= 53
  return `${isCounted ? ordinal : ''}${match[2]}`
}

function cleanNumber(entry: string, range: Range): string | undefined {
  if (!/^[+-]?\d{1,3}$/.test(entry)) return undefined
  const number = Number(entry)
  const size = range.mayBeNegative ? Math.abs(number) : number
  return size >= range.min && size <= range.max ? String(number) : undefined
}

function withoutUntil(parts: RuleParts): string {
  return ruleText(new Map([...parts].filter(([name]) => name !== 'UNTIL')))
}
