import { isFailure } from '#shared/errors/failure.ts'
import type { Table, TableItem, TableKey } from '#shared/platform/table.ts'
import { type Demand, type Lane, lanesOf, WINDOW_MS } from './slots.ts'

/** Rows are of no use to anybody a while after their window. */
const ROW_SECONDS = 3600
const ASKED = 'asked_'
const TAKEN = 'taken_'

/** What is known of a window: its lanes, and how many slots of each are taken or past. */
export type RateWindow = {
  readonly window: number
  readonly lanes: readonly Lane[]
  readonly taken: Map<string, number>
}

/** Slots of a lane that are wanted: between two moments, at most so many. */
export type Want = { readonly lane: Lane; readonly from: number; readonly to: number; readonly count: number }

function keyOf(window: number): TableKey {
  return { pk: `window#${window}`, sk: 'window' }
}

/**
 * The window as it stands. Whose its slots are is settled by whoever looks at it first, from what was asked for in the window before. From then on it
 * is the same for all, or two of them would take the same slot.
 */
export async function readWindow(table: Table, window: number, perSecond: number): Promise<RateWindow> {
  const row = await table.get(keyOf(window))
  const settled = row?.demands === undefined ? await settle(table, window, perSecond) : row
  const { demands } = settled
  return {
    window,
    lanes: lanesOf(window, Number(settled.perSecond), demandsOf(typeof demands === 'string' ? demands : '')),
    taken: takenOf(settled),
  }
}

async function settle(table: Table, window: number, perSecond: number): Promise<TableItem> {
  const before = (await table.get(keyOf(window - 1))) ?? {}
  const demands = numbersOf(before, ASKED).map(([owner, wanted]) => `${owner}=${wanted}`)
  try {
    await table.write({
      kind: 'update',
      key: keyOf(window),
      set: { demands: demands.toSorted().join(' '), perSecond, expiresAt: endOf(window) },
      when: { attribute: 'demands', is: 'absent' },
    })
  } catch (error) {
    if (!isLost(error)) throw error
  }
  const row = await table.get(keyOf(window))
  if (row === undefined) throw new Error('a window that was just settled is gone')
  return row
}

function demandsOf(text: string): readonly Demand[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [owner = '', wanted] = word.split('=')
      return { owner, wanted: Number(wanted) }
    })
}

function takenOf(row: TableItem): Map<string, number> {
  return new Map(numbersOf(row, TAKEN))
}

function numbersOf(row: Readonly<Record<string, unknown>>, prefix: string): readonly (readonly [string, number])[] {
  return Object.entries(row).flatMap(([name, value]): readonly (readonly [string, number])[] =>
    name.startsWith(prefix) && typeof value === 'number' ? [[name.slice(prefix.length), value]] : [],
  )
}

function endOf(window: number): number {
  return Math.floor(((window + 1) * WINDOW_MS) / 1000) + ROW_SECONDS
}

/** Says that a tenant has so many mails more to send: in the next window as many slots are its own, or its share of all. */
export async function ask(table: Table, window: number, { owner, wanted }: Demand): Promise<void> {
  await table.write({
    kind: 'update',
    key: keyOf(window),
    set: { expiresAt: endOf(window) },
    add: { [`${ASKED}${owner}`]: wanted },
  })
}

/**
 * Takes slots of lanes in one write: their counters move over them, and over those before them, whose time has passed. Each slot is taken once.
 * Undefined when somebody else was quicker; then the window is as that one left it.
 */
export async function takeSlots(
  table: Table,
  of: RateWindow,
  wants: readonly Want[],
): Promise<readonly number[] | undefined> {
  const ranges = wants.map((want) => rangeOf(of, want)).filter(({ first, end }) => end > first)
  if (ranges.length === 0) return []
  try {
    await table.write({
      kind: 'update',
      key: keyOf(of.window),
      set: Object.fromEntries(ranges.map(({ lane, end }) => [`${TAKEN}${lane.name}`, end])),
      when: {
        allOf: ranges.map(({ lane }) => {
          const value = of.taken.get(lane.name)
          const attribute = `${TAKEN}${lane.name}`
          return value === undefined ? { attribute, is: 'absent' } : { attribute, is: '=', value }
        }),
      },
    })
  } catch (error) {
    if (!isLost(error)) throw error
    const row = await table.get(keyOf(of.window))
    for (const [lane, count] of takenOf(row ?? keyOf(of.window))) of.taken.set(lane, count)
    return undefined
  }
  for (const { lane, end } of ranges) of.taken.set(lane.name, end)
  return ranges.flatMap(({ lane, first, end }) => lane.moments.slice(first, end)).toSorted((a, b) => a - b)
}

function rangeOf({ taken }: RateWindow, { lane, from, to, count }: Want) {
  const first = firstFrom(lane.moments, taken.get(lane.name) ?? 0, from)
  let end = first
  while (end < lane.moments.length && end - first < count && (lane.moments[end] ?? 0) <= to) end += 1
  return { lane, first, end }
}

/** When the next slot of a lane comes that nobody has taken, at or after a moment. */
export function nextOf({ taken }: RateWindow, { moments, name }: Lane, from: number): number {
  return moments[firstFrom(moments, taken.get(name) ?? 0, from)] ?? Number.POSITIVE_INFINITY
}

function firstFrom(moments: readonly number[], taken: number, from: number): number {
  let at = taken
  while (at < moments.length && (moments[at] ?? 0) < from) at += 1
  return at
}

function isLost(error: unknown): boolean {
  return isFailure(error, 'table.condition_failed') || isFailure(error, 'table.conflict')
}
