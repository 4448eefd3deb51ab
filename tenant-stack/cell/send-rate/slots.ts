/** The account's rate is given out in windows of so many milliseconds: whose the slots are is settled once for each. */
export const WINDOW_MS = 5000

/** Owner of slots that nobody asked for. */
const FREE = ''

/** Slots of a lane a second: so few that one worker can use each of them when its moment comes, and takes several lanes when it is quick. */
export const LANE_PER_SECOND = 4

/** Of so many slots one is kept for single mails: at small rates more of them, so that none of those waits for a second. */
const RESERVE_EVERY_MAX = 25

/** Slots that one worker takes one after the other. `reserve` is kept for single mails; its owner may have what they leave. */
export type Lane = {
  readonly name: string
  readonly kind: 'own' | 'reserve'
  readonly owner: string
  /** Epoch milliseconds, ascending. */
  readonly moments: readonly number[]
}

/** What a tenant has to send in a window, in mails. */
export type Demand = { readonly owner: string; readonly wanted: number }

export function windowAt(now: number): number {
  return Math.floor(now / WINDOW_MS)
}

/** Whether a tenant may take from a lane ahead of its time. */
export function isOpenTo(lane: Lane, owner: string): boolean {
  return lane.owner === owner || lane.owner === FREE
}

/**
 * The moments at which mails may leave in a window: slot n of the account is at n ÷ rate seconds, so that no second has more of them than the rate.
 * They go round the tenants, each until it has what it wanted, and the round goes on over the windows: over any time the shares of tenants that want
 * more than theirs differ by a slot. What nobody wanted is free for all.
 */
export function lanesOf(window: number, perSecond: number, demands: readonly Demand[]): readonly Lane[] {
  const start = Math.ceil((window * WINDOW_MS * perSecond) / 1000)
  const end = Math.ceil(((window + 1) * WINDOW_MS * perSecond) / 1000)
  const left = demands.map(({ wanted }) => wanted)
  const slots = [...demands.map(({ owner }) => owner), FREE].map((owner) => ({
    owner,
    own: [] as number[],
    reserve: [] as number[],
  }))
  let turn = demands.length === 0 ? 0 : start % demands.length
  for (let slot = start; slot < end; slot += 1) {
    const at = nextWith(left, turn)
    if (at !== undefined) {
      left[at] = (left[at] ?? 0) - 1
      turn = (at + 1) % demands.length
    }
    const of = slots[at ?? demands.length]
    const kept = isReserve(slot, perSecond, demands.length) ? of?.reserve : of?.own
    kept?.push((slot * 1000) / perSecond)
  }
  return slots.flatMap(({ owner, own, reserve }, at) => [
    ...split(own, { kind: 'own', owner, name: `o${at}` }),
    ...split(reserve, { kind: 'reserve', owner, name: `r${at}` }),
  ])
}

/** One in so many, a slot later after each round of the tenants: else the same tenant's would be kept each time. */
function isReserve(slot: number, perSecond: number, tenants: number): boolean {
  const every = Math.min(RESERVE_EVERY_MAX, Math.max(2, Math.floor(perSecond / 2)))
  return (slot + Math.floor(slot / (every * Math.max(1, tenants)))) % every === every - 1
}

function nextWith(left: readonly number[], from: number): number | undefined {
  for (let step = 0; step < left.length; step += 1) {
    const at = (from + step) % left.length
    if ((left[at] ?? 0) > 0) return at
  }
  return undefined
}

function split(moments: readonly number[], lane: Omit<Lane, 'moments'>): readonly Lane[] {
  const count = Math.ceil(moments.length / ((WINDOW_MS / 1000) * LANE_PER_SECOND))
  return Array.from({ length: count }, (_, at) => ({
    ...lane,
    name: `${lane.name}l${at}`,
    moments: moments.filter((_moment, index) => index % count === at),
  }))
}
