export type Interval = 'day' | 'week' | 'month' | 'year'

export function isInterval(word: string): word is Interval {
  return ['day', 'week', 'month', 'year'].includes(word)
}

const DAY_SECONDS = 86_400

/**
 * The moment `count` intervals after the anchor (epoch seconds, UTC): the anchor's day of the month, or the month's last day where it has
 * no such day (Stripe, "Set the subscription billing renewal date"): 31 January → 28 February → 31 March.
 */
export function anchoredAt(anchor: number, interval: Interval, count: number): number {
  if (interval === 'day' || interval === 'week') return anchor + count * DAY_SECONDS * (interval === 'week' ? 7 : 1)
  const start = new Date(anchor * 1000)
  const months = start.getUTCFullYear() * 12 + start.getUTCMonth() + count * (interval === 'year' ? 12 : 1)
  const [year, month] = [Math.floor(months / 12), months % 12]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(year, month, Math.min(start.getUTCDate(), lastDay)) / 1000
  return midnight + (anchor % DAY_SECONDS)
}

/** The first renewal after `after`, counted from the anchor, so that a short month shortens no later period. */
export function nextRenewal(anchor: number, interval: Interval, every: number, after: number): number {
  const roughSeconds = { day: 1, week: 7, month: 31, year: 366 }[interval] * every * DAY_SECONDS
  let count = Math.max(0, Math.floor((after - anchor) / roughSeconds)) * every
  while (anchoredAt(anchor, interval, count) <= after) count += every
  return anchoredAt(anchor, interval, count)
}
