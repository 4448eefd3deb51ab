const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** After the first failed attempt, the second, and so on; the last holds for all that follow (Standard Webhooks, "Retry schedule"). */
const RESTS_MS = [5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS] as const

/** Some four days: a weekend that nobody looks at, and a day more. */
export const ATTEMPTS_MAX = 15

/** Milliseconds to the next attempt after so many. The sweep finds it, so that it comes up to a minute later. */
export function restAfter(attempts: number): number {
  return RESTS_MS[Math.min(attempts, RESTS_MS.length) - 1] ?? RESTS_MS[0]
}
