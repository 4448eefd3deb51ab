const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Quick while the licensee sits before the wizard: looks of the first two paces are counted, later ones go by age. */
const FIRST_LOOKS = 8
const SECOND_LOOKS = FIRST_LOOKS + 30
/** Spreads domains that began together, so that resolvers see no waves. */
const JITTER = 0.2
/** A person's "check now" asks other people's servers: at most once in this time. */
const CHECK_NOW_PAUSE = 10 * SECOND

/** Milliseconds between the last look and the next, before jitter. */
function pace(input: { readonly attempt: number; readonly ageMilliseconds: number; readonly isLive: boolean }): number {
  if (input.isLive) return DAY
  if (input.attempt <= FIRST_LOOKS) return 15 * SECOND
  if (input.attempt <= SECOND_LOOKS) return MINUTE
  if (input.ageMilliseconds < 6 * HOUR) return 5 * MINUTE
  if (input.ageMilliseconds < 72 * HOUR) return HOUR
  // After a month of daily looks the licensee was asked whether he still wants it.
  return input.ageMilliseconds < 33 * DAY ? DAY : 7 * DAY
}

/** When to look again (epoch milliseconds). `attempt`: looks done so far; `startedAt`: of this wait; `random`: uniform in [0, 1). */
export function nextLookAt(input: {
  readonly attempt: number
  readonly startedAt: number
  readonly now: number
  readonly isLive: boolean
  readonly random: () => number
}): number {
  const { attempt, isLive, now } = input
  const ageMilliseconds = Math.max(0, now - input.startedAt)
  const spread = 1 - JITTER + 2 * JITTER * input.random()
  return now + Math.round(pace({ attempt, ageMilliseconds, isLive }) * spread)
}

/** Milliseconds until a person may have the domain looked at again; 0: now. */
export function checkNowWait(input: { readonly lastLookAt?: number; readonly now: number }): number {
  const { lastLookAt, now } = input
  if (lastLookAt === undefined || lastLookAt > now) return 0
  return Math.max(0, lastLookAt + CHECK_NOW_PAUSE - now)
}
