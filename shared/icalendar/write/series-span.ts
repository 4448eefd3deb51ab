import { DAY_MS } from '../civil.ts'
import type { CalendarTime, Instant, Series, Vevent } from '../model.ts'
import { toInstantMs } from '../times.ts'
import type { Span } from './rule-pair.ts'

/** No client shows a series further ahead, and zone rules that far in the future are a guess. */
const HORIZON_MS = 20 * 365.25 * DAY_MS

/** A day of slack: the zone itself is what the bounds are computed for. */
const SLACK_MS = DAY_MS

/** What the zones of a series must be right for: from its first start to its last end, at most the horizon after `dtstamp`. */
export function seriesSpan(series: Series, dtstamp: Instant): Span {
  const vevents = [...(series.master === undefined ? [] : [series.master]), ...series.overrides]
  const ids = [...series.cancelled, ...vevents].flatMap((each) => each.recurrenceId ?? [])
  const times = [...vevents.flatMap((each) => [each.dtstart, each.dtend, ...timesOf(each)]), ...ids]
  const points = times.length === 0 ? [Date.parse(dtstamp)] : times.map((time) => toInstantMs(time))
  const firstMs = Math.min(...points)
  const horizonMs = Math.max(firstMs, Date.parse(dtstamp)) + HORIZON_MS
  const ruleEndMs = (series.master?.recurrence?.rrules ?? []).map((rrule) => lastMs(rrule, series.master, horizonMs))
  const toMs = Math.min(Math.max(...points, ...ruleEndMs), horizonMs)
  return { fromMs: firstMs - SLACK_MS, toMs: toMs + SLACK_MS }
}

function timesOf(vevent: Vevent): readonly CalendarTime[] {
  return [...(vevent.recurrence?.rdates ?? []), ...(vevent.recurrence?.exdates ?? [])]
}

/** By UNTIL, or by COUNT of a plain daily or weekly rule; how far any other COUNT reaches is not known without expanding it. */
function lastMs(rrule: string, master: Vevent | undefined, horizonMs: number): number {
  if (master === undefined) return 0
  const lengthMs = toInstantMs(master.dtend) - toInstantMs(master.dtstart)
  const until = /(?:^|;)UNTIL=(\d{4})(\d\d)(\d\d)/i.exec(rrule)
  if (until !== null) return Date.UTC(Number(until[1]), Number(until[2]) - 1, Number(until[3]) + 2) + lengthMs
  const count = Number(/(?:^|;)COUNT=(\d+)/i.exec(rrule)?.[1] ?? Number.NaN)
  const periodDays = /(?:^|;)FREQ=WEEKLY/i.test(rrule) ? 7 : 1
  if (Number.isNaN(count) || !isPlain(rrule)) return horizonMs
  const interval = Number(/(?:^|;)INTERVAL=(\d+)/i.exec(rrule)?.[1] ?? 1)
  return toInstantMs(master.dtstart) + (count + 1) * interval * periodDays * DAY_MS + lengthMs
}

/** Every period holds at least one instance: daily without BYxxx, weekly with nothing but BYDAY. */
function isPlain(rrule: string): boolean {
  const names = rrule.split(';').map((part) => part.slice(0, part.indexOf('=')).toUpperCase())
  const limiting = names.filter((name) => name.startsWith('BY'))
  if (/(?:^|;)FREQ=DAILY/i.test(rrule)) return limiting.length === 0
  return /(?:^|;)FREQ=WEEKLY/i.test(rrule) && limiting.every((name) => name === 'BYDAY')
}
