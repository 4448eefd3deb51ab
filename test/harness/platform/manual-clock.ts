import type { Clock } from '#shared/platform/small-ports.ts'

export type ManualClock = Clock & {
  readonly advance: (seconds: number) => void
  /** Epoch milliseconds. */
  readonly set: (now: number) => void
}

/** A clock that stands still until told; starts at 2026-03-02T09:00:00Z unless given epoch milliseconds. */
export function createManualClock(start = Date.UTC(2026, 2, 2, 9)): ManualClock {
  let now = start
  return {
    now: () => now,
    advance(seconds) {
      now += seconds * 1000
    },
    set(to) {
      now = to
    },
  }
}
