import { localFromWallMs } from '../civil.ts'
import type { IsoDate, LocalDateTime } from '../model.ts'

/** A DATE or DATE-TIME as written, before any zone is applied; `offsetSeconds` only for `Z` (0) or a spelled-out offset. */
export type DateValue =
  | { readonly kind: 'date'; readonly date: IsoDate }
  | { readonly kind: 'time'; readonly local: LocalDateTime; readonly offsetSeconds?: number }

/** Basic form, and the extended form with dashes and colons that home-made exporters write. */
const DATE_VALUE = /^(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*([Zz]|[+-]\d\d:?\d\d)?)?$/

/** RFC 5545 §3.3.4 and §3.3.5; undefined when it is no date. Quotes are what is left of a TZID whose quote closed too late. Second 60 and hour 24 become the next minute and day. */
export function parseDateValue(text: string): DateValue | undefined {
  const match = DATE_VALUE.exec(text.replaceAll('"', '').trim())
  if (match === null) return undefined
  const [, year = '', month = '', day = '', hour, minute = '00', second = '00', zone] = match
  if (!isDay(Number(year), Number(month), Number(day))) return undefined
  const date = `${year}-${month}-${day}`
  if (hour === undefined) return { kind: 'date', date }
  if (Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined
  const isPlain = Number(hour) < 24 && Number(second) < 60
  const local = isPlain
    ? `${date}T${hour}:${minute}:${second}`
    : carried(date, Number(hour), Number(minute), Number(second))
  if (zone === undefined) return { kind: 'time', local }
  return { kind: 'time', local, offsetSeconds: offsetOf(zone) }
}

/** UTC-OFFSET (RFC 5545 §3.3.14) in seconds; undefined when it is none or further than any zone. */
export function parseUtcOffset(text: string): number | undefined {
  const match = /^([+-]?)(\d\d):?(\d\d)(?::?(\d\d))?$/.exec(text.trim())
  if (match === null) return undefined
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? '0')
  if (seconds >= 86_400) return undefined
  return match[1] === '-' ? -seconds : seconds
}

function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  return day <= 28 || day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

function carried(date: IsoDate, hour: number, minute: number, second: number): LocalDateTime {
  return localFromWallMs(Date.parse(`${date}T00:00:00Z`) + (hour * 3600 + minute * 60 + second) * 1000)
}

function offsetOf(zone: string): number {
  return zone === 'Z' || zone === 'z' ? 0 : (parseUtcOffset(zone) ?? 0)
}
