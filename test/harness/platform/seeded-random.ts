export type SeededRandom = {
  /** From 0 up to, not including, 1. */
  readonly next: () => number
  /** A whole number from 0 up to, not including, `end`. */
  readonly below: (end: number) => number
  readonly shuffle: <T>(values: readonly T[]) => readonly T[]
}

/** The same seed gives the same numbers (mulberry32); good enough to vary orders, for nothing secret. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    next,
    below,
    shuffle<T>(values: readonly T[]) {
      const drawn: T[] = []
      const left = [...values]
      while (left.length > 0) drawn.push(...left.splice(below(left.length), 1))
      return drawn
    },
  }
}
