import type { PaceDeps } from './pace-deps.ts'
import { WINDOW_MS, windowAt } from './slots.ts'
import { nextOf, type RateWindow, readWindow, takeSlots } from './window-row.ts'

/** What is kept for bulk mail and nobody has taken is free for others when its time comes. */
const BORROW_MS = 60
/** Among slots that come so soon any will do: where many look for one they do not all want the same. */
const SOON_MS = 300

/** A slot of those kept for single mails, or any other that passes unused before it. */
export async function singleSlot(deps: PaceDeps, until: number): Promise<number | undefined> {
  const { table, clock, perSecond } = deps
  for (let window = windowAt(clock.now()); window * WINDOW_MS <= until; window += 1) {
    const of = await readWindow(table, window, perSecond)
    for (;;) {
      const from = clock.now()
      const lane = laneFor(of, { from, until, random: deps.random })
      if (lane === undefined) break
      const slots = await takeSlots(table, of, [{ lane, from, to: until, count: 1 }])
      if (slots?.[0] !== undefined) return slots[0]
    }
  }
  return undefined
}

function laneFor(of: RateWindow, want: { from: number; until: number; random: () => number }) {
  const lanes = of.lanes
    .map((lane) => ({ lane, at: nextOf(of, lane, want.from) }))
    .filter(({ lane, at }) => at <= want.until && (lane.kind === 'reserve' || at <= want.from + BORROW_MS))
    .toSorted((a, b) => a.at - b.at)
  const soon = lanes.filter(({ at }) => at <= want.from + SOON_MS)
  return (soon[Math.floor(want.random() * soon.length)] ?? lanes[0])?.lane
}
