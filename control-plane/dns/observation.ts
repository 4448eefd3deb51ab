import type { RecordType } from './lookups.ts'

export type RecordState = 'unknown' | 'waiting' | 'ok' | 'wrong' | 'cannot_check'

/** Who has to do something next. */
export type WhoActs = 'nobody' | 'licensee' | 'vendor'

/** What one look found about one thing, and how to say it. */
export type Observation = {
  /** Names the thing among a domain's: `delegation`, `ds`, `inbound_mx`, `dkim_1`, … */
  readonly key: string
  readonly name: string
  readonly type: RecordType
  readonly state: RecordState
  /** The outcome as a word for programs: `correct`, `missing`, `foreign`, `servfail`, … */
  readonly code: string
  readonly expected: readonly string[]
  readonly found: readonly string[]
  /** For the licensee, one or two plain sentences. */
  readonly sentence: string
  readonly whoActs: WhoActs
  /** How long resolvers may still give the old answer. */
  readonly ttlSeconds?: number
}

/** One server's part of an observation. */
export type Verdict = Pick<Observation, 'state' | 'code' | 'found' | 'ttlSeconds'>
