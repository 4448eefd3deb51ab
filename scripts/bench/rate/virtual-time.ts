import { setImmediate as settled } from 'node:timers/promises'
import type { Clock } from '#shared/platform/small-ports.ts'

export type VirtualTime = Clock & {
  /** Resolves when the clock stands at a moment. */
  readonly waitUntil: (moment: number) => Promise<void>
  /** Counts work that no wait stands for: time stands still while there is any. */
  readonly during: <T>(act: () => Promise<T>) => Promise<T>
  /** Lets time pass, from wait to wait, until a moment or until nobody waits. */
  readonly run: (until: number) => Promise<void>
}

type Waiting = { readonly at: number; readonly resolve: () => void }

/** Time that passes when everybody waits: whoever waits first goes on first. */
export function createVirtualTime(start: number): VirtualTime {
  let now = start
  let working = 0
  const waiting: Waiting[] = []

  async function rest(): Promise<void> {
    do await settled()
    while (working > 0)
  }

  return {
    now: () => now,
    waitUntil: (moment) =>
      moment <= now ? Promise.resolve() : new Promise((resolve) => push(waiting, { at: moment, resolve })),
    async during(act) {
      working += 1
      try {
        return await act()
      } finally {
        working -= 1
      }
    },
    async run(until) {
      for (;;) {
        await rest()
        const next = waiting[0]
        if (next === undefined || next.at > until) return
        now = Math.max(now, next.at)
        while (waiting[0] !== undefined && waiting[0].at <= now) pop(waiting)?.resolve()
      }
    },
  }
}

function push(heap: Waiting[], item: Waiting): void {
  heap.push(item)
  let at = heap.length - 1
  while (at > 0) {
    const parent = (at - 1) >> 1
    if ((heap[parent]?.at ?? 0) <= item.at) break
    swap(heap, at, parent)
    at = parent
  }
}

function pop(heap: Waiting[]): Waiting | undefined {
  const [first] = heap
  const last = heap.pop()
  if (heap.length === 0 || last === undefined) return first
  heap[0] = last
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    const right = left + 1
    const smaller = (heap[right]?.at ?? Infinity) < (heap[left]?.at ?? Infinity) ? right : left
    if ((heap[smaller]?.at ?? Infinity) >= last.at) return first
    swap(heap, at, smaller)
    at = smaller
  }
}

function swap(heap: Waiting[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]]
  if (first === undefined || second === undefined) return
  heap[a] = second
  heap[b] = first
}
