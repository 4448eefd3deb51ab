import type { PaceDeps } from './pace-deps.ts'
import { isOpenTo, LANE_PER_SECOND, type Lane, WINDOW_MS, windowAt } from './slots.ts'
import { ask, nextOf, type RateWindow, readWindow, takeSlots } from './window-row.ts'
import { createWorkerSpeed } from './worker-speed.ts'

/** The next window is looked at so long before it begins: then there would be no time to. */
const AHEAD_MS = 700
/** Who is quicker than he has slots looks again after so long: others had their turn. */
const MORE_MS = 500
/** Slots are taken anew so long before the last of them. */
const LOW_MS = 100
/** Those kept for single mails are taken by their owner only so long before their time: single mails had them until then. */
const HEIR_MS = 400
/** Where they were all taken they are not looked for so soon again. */
const RESERVE_LOOK_MS = 250
const RESERVE_LOOK_MS_MAX = 2000
/** A slot is used so late at most, and never in the next second: many workers that are late together would be too fast. */
const LATE_MS = 100
/** Others take lanes at the same moment: tried so often, then later. */
const TRIES = 4
const AGAIN_MS = 200

/** What this process knows of a window, and when it next looks for slots of its own in it. */
type Looked = { readonly of: RateWindow; lookAt: number }

/** The slots that this process holds for its tenant's bulk mail; several workers of it may draw from them. */
export function bulkSlots({ table, owner, clock, waitUntil, perSecond, random }: PaceDeps) {
  let held: readonly number[] = []
  const looked = new Map<number, Looked>()
  let looking: Promise<void> | undefined
  let reserveAt = 0
  let reserveMs = RESERVE_LOOK_MS
  const speed = createWorkerSpeed(clock)

  /** Own slots of this window, and soon of the next. */
  async function lookForOwn(wanted: number): Promise<void> {
    for (const window of windowsNear(clock.now())) {
      const known = looked.get(window) ?? (await begin(window, wanted))
      if (clock.now() < known.lookAt) continue
      known.lookAt = await takeOwn(known.of, wanted)
    }
  }

  async function begin(window: number, wanted: number): Promise<Looked> {
    const known = { of: await readWindow(table, window, perSecond), lookAt: 0 }
    looked.set(window, known)
    looked.delete(window - 2)
    await ask(table, window, { owner, wanted: Math.min(wanted, speed.mailsInWindow()) })
    return known
  }

  async function takeOwn(of: RateWindow, wanted: number): Promise<number> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const from = clock.now()
      const free = lanesFrom(of, from, 'own')
      const need = wanted - held.length
      if (free.length === 0) return Number.POSITIVE_INFINITY
      if (need <= 0) return held.at(-1) ?? from
      const more = speed.lanes() - lanesHeld(of, from)
      if (more <= 0) return from + MORE_MS
      const lanes = someOf(free, Math.min(more, need), random)
      const count = Math.ceil(need / lanes.length)
      const to = Number.POSITIVE_INFINITY
      const slots = await takeSlots(
        table,
        of,
        lanes.map((lane) => ({ lane, from, to, count })),
      )
      if (slots === undefined) continue
      hold(slots)
      return Math.min((slots.at(-1) ?? from) - LOW_MS, from + MORE_MS)
    }
    return clock.now() + AGAIN_MS
  }

  /** How many lanes the slots are that are held in the rest of a window. */
  function lanesHeld({ window }: RateWindow, from: number): number {
    const end = (window + 1) * WINDOW_MS
    const seconds = (end - Math.max(from, window * WINDOW_MS)) / 1000
    return Math.ceil(held.filter((moment) => windowAt(moment) === window).length / (seconds * LANE_PER_SECOND))
  }

  /** What single mails have left, for a time in which this process has nothing else. */
  async function lookForReserve(known: Looked, wanted: number): Promise<void> {
    const from = clock.now()
    const to = Math.min(from + HEIR_MS, held[0] ?? Number.POSITIVE_INFINITY)
    const lanes = lanesFrom(known.of, from, 'reserve').filter((lane) => nextOf(known.of, lane, from) <= to)
    const [lane] = someOf(lanes, 1, random)
    if (lane === undefined) {
      reserveAt = to
      return
    }
    const count = Math.min(wanted, Math.max(1, Math.floor((to - from) / speed.mailMs())))
    const slots = await takeSlots(table, known.of, [{ lane, from, to, count }])
    hold(slots ?? [])
    reserveMs = slots === undefined ? Math.min(2 * reserveMs, RESERVE_LOOK_MS_MAX) : RESERVE_LOOK_MS
    reserveAt = from + reserveMs * (0.5 + random())
  }

  function lanesFrom(of: RateWindow, from: number, kind: Lane['kind']): readonly Lane[] {
    return of.lanes.filter((lane) => lane.kind === kind && isOpenTo(lane, owner) && nextOf(of, lane, from) < Infinity)
  }

  function hold(slots: readonly number[]): void {
    held = [...held, ...slots].toSorted((a, b) => a - b)
  }

  function windowsNear(now: number): readonly number[] {
    return [...new Set([windowAt(now), windowAt(now + AHEAD_MS)])]
  }

  /** When own slots are looked for next. */
  function ownAt(now: number): number {
    const next = (windowAt(now + AHEAD_MS) + 1) * WINDOW_MS - AHEAD_MS
    return Math.min(next, ...windowsNear(now).map((window) => looked.get(window)?.lookAt ?? 0))
  }

  /** When it is next worth while to look for what single mails leave. */
  function heirAt(now: number): number {
    const of = looked.get(windowAt(now))?.of
    if (of === undefined) return Number.POSITIVE_INFINITY
    const first = Math.min(...lanesFrom(of, now, 'reserve').map((lane) => nextOf(of, lane, now)))
    return first > (held[0] ?? first) ? Number.POSITIVE_INFINITY : Math.max(first - HEIR_MS, reserveAt)
  }

  /** One at a time: others that ask meanwhile wait for what it finds. */
  function look(wanted: number): Promise<void> {
    looking ??= (async () => {
      try {
        const now = clock.now()
        const known = looked.get(windowAt(now))
        if (ownAt(now) <= now) await lookForOwn(wanted)
        else if (known !== undefined) await lookForReserve(known, wanted)
      } finally {
        looking = undefined
      }
    })()
    return looking
  }

  return {
    /** The next moment at which a mail may leave; undefined: none before `until`. */
    async next(wanted: number, until: number): Promise<number | undefined> {
      speed.ended()
      for (;;) {
        const now = clock.now()
        held = held.filter((moment) => moment >= now || (now - moment <= LATE_MS && isSameSecond(moment, now)))
        const [moment] = held
        const isGap = moment === undefined || moment > now + speed.mailMs()
        const lookAt = Math.min(ownAt(now), isGap ? heirAt(now) : Number.POSITIVE_INFINITY)
        const isDue = moment !== undefined && moment <= now
        if (lookAt <= now && !isDue) await look(wanted)
        else if (moment !== undefined && (isDue || moment <= lookAt)) {
          if (moment > until) return undefined
          held = held.slice(1)
          return moment
        } else if (lookAt > until) return undefined
        else await waitUntil(lookAt)
      }
    },
    began: () => speed.began(),
  }
}

/**
 * So many, far apart, from a random one on: slots of neighbours come at almost the same moment, which one worker cannot use, and workers that begin at
 * different ones do not meet.
 */
function someOf(lanes: readonly Lane[], count: number, random: () => number): readonly Lane[] {
  const first = Math.floor(random() * lanes.length)
  const step = Math.max(1, Math.floor(lanes.length / count))
  return Array.from(
    { length: Math.min(count, lanes.length) },
    (_, at) => lanes[(first + at * step) % lanes.length],
  ).filter((lane) => lane !== undefined)
}

function isSameSecond(a: number, b: number): boolean {
  return Math.floor(a / 1000) === Math.floor(b / 1000)
}
