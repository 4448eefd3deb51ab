/** Every order of the numbers 0 to `count` − 1 (Heap's algorithm), one at a time. */
export function* ordersOf(count: number): Generator<readonly number[]> {
  const order = Array.from({ length: count }, (_, at) => at)
  const turns = order.map(() => 0)
  yield [...order]
  let at = 1
  while (at < count) {
    const turn = turns[at] ?? 0
    if (turn >= at) {
      turns[at] = 0
      at += 1
      continue
    }
    const other = at % 2 === 0 ? 0 : turn
    const [left = 0, right = 0] = [order[other], order[at]]
    order[other] = right
    order[at] = left
    yield [...order]
    turns[at] = turn + 1
    at = 1
  }
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
