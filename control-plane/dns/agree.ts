import type { Verdict } from './observation.ts'

/** So many servers have to say the same. */
const AGREEING = 2

/** Makes one verdict of several servers': green when two agree, and `cannot_check` when fewer than two could tell anything. */
export function agree(verdicts: readonly Verdict[]): Verdict {
  const needed = Math.min(AGREEING, Math.max(1, verdicts.length))
  const green = verdicts.filter((verdict) => verdict.state === 'ok')
  const [first] = green
  if (first !== undefined && green.length >= needed) return first
  const told = verdicts.filter((verdict) => verdict.state !== 'cannot_check')
  if (told.length < needed) return blind(verdicts)
  const others = told.filter((verdict) => verdict.state !== 'ok')
  const common = mostCommon(others) ?? blind(verdicts)
  if (first === undefined || common.state === 'cannot_check') return common
  return { ...common, state: 'waiting', code: 'spreading' }
}

function blind(verdicts: readonly Verdict[]): Verdict {
  const [cannot] = verdicts.filter((verdict) => verdict.state === 'cannot_check')
  return cannot ?? { state: 'cannot_check', code: 'no_server', found: [] }
}

/** The verdict given most often; of equals the first. Its TTL is the longest anybody has left. */
function mostCommon(verdicts: readonly Verdict[]): Verdict | undefined {
  const count = (code: string): number => verdicts.filter((verdict) => verdict.code === code).length
  const [common] = verdicts.toSorted((a, b) => count(b.code) - count(a.code))
  if (common === undefined) return undefined
  const ttls = verdicts.flatMap((verdict) => verdict.ttlSeconds ?? [])
  return ttls.length === 0 ? common : { ...common, ttlSeconds: Math.max(...ttls) }
}
