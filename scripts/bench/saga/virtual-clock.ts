import type { Clock } from '#shared/platform/small-ports.ts'

export type VirtualClock = Clock & { readonly set: (now: number) => void }

/** A clock that stands still until told; begins 2026-03-02T09:00:00Z. */
export function createVirtualClock(): VirtualClock {
  let now = Date.UTC(2026, 2, 2, 9)
  return {
    now: () => now,
    set(to) {
      now = Math.max(now, to)
    },
  }
}

/** The same seed gives the same numbers (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
