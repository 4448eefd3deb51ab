import type { Observation, RecordState } from './observation.ts'

/** A green record turns red only after so many misses … */
const MISSES = 3
/** … over at least this time: one resolver's bad half-hour is not the licensee's fault. */
const MISSING_MILLISECONDS = 30 * 60_000

/** What is held to be true of one record after all looks so far. Times are epoch milliseconds. */
export type Settled = {
  readonly key: string
  readonly state: RecordState
  /** Since when `state` holds. */
  readonly since: number
  /** Of the last look, whatever it found. */
  readonly observation: Observation
  readonly observedAt: number
  /** Looks in a row that found a green record missing or wrong; a look that could not be made counts for nothing. */
  readonly misses: number
  readonly firstMissAt?: number
}

/** Takes one look into what is known of a record. The same look twice, or a look older than the last, changes nothing. */
export function settle(previous: Settled | undefined, observation: Observation, now: number): Settled {
  const { key, state } = observation
  if (previous === undefined) return { key, state, since: now, observation, observedAt: now, misses: 0 }
  if (now <= previous.observedAt) return previous
  if (state === 'cannot_check') return notSeen(previous, observation, now)
  if (previous.state !== 'ok' || state === 'ok') return moved(previous, observation, now)
  return missed(previous, observation, now)
}

function moved(previous: Settled, observation: Observation, now: number): Settled {
  const { key, state } = observation
  const since = state === previous.state ? previous.since : now
  return { key, state, since, observation, observedAt: now, misses: 0 }
}

/** SERVFAIL and time-outs say nothing about the record: what was known stays known. */
function notSeen(previous: Settled, observation: Observation, now: number): Settled {
  if (previous.state === 'unknown') return moved(previous, observation, now)
  return { ...previous, observation, observedAt: now }
}

function missed(previous: Settled, observation: Observation, now: number): Settled {
  const misses = previous.misses + 1
  const firstMissAt = previous.firstMissAt ?? now
  if (misses >= MISSES && now - firstMissAt >= MISSING_MILLISECONDS) return moved(previous, observation, now)
  return { ...previous, observation, observedAt: now, misses, firstMissAt }
}
