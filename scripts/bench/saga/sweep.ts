import { FAULTS, type FaultKind, type PointKind } from './faults.ts'
import { type LifePlan, liveOneLife } from './life.ts'

export type SweepResult = {
  readonly points: number
  readonly runs: number
  readonly orphans: number
  readonly doubles: number
  readonly stuck: number
}

/**
 * Lives as many lives as there are points, each with its fault at another one, alone and beside a twin. `whole`: every kind of fault at every
 * point; otherwise the kinds take turns. `stride`: only every so manieth point.
 */
export async function sweep(options: {
  readonly whole: boolean
  readonly stride?: number
  readonly dnsMode?: NonNullable<LifePlan['dnsMode']>
  readonly say?: (text: string) => void
}): Promise<SweepResult> {
  const { whole, stride = 1, dnsMode = 'delegated', say } = options
  const sum = { points: 0, runs: 0, orphans: 0, doubles: 0, stuck: 0 }
  for (const hasTwin of [false, true]) {
    const { points, kinds } = await liveOneLife({ dnsMode, hasTwin })
    sum.points += Math.ceil(points / stride)
    for (let at = 1; at <= points; at += stride) {
      for (const kind of faultsAt(kinds[at - 1] ?? 'write', whole, Math.floor(at / stride))) {
        const life = await liveOneLife({ dnsMode, hasTwin, fault: { at, kind } })
        sum.runs += 1
        sum.orphans += life.orphans
        sum.doubles += life.doubles
        if (life.stuckIn !== undefined) sum.stuck += 1
        if (life.orphans + life.doubles > 0 || life.stuckIn !== undefined)
          say?.(
            `${dnsMode}${hasTwin ? ', twin' : ''}, point ${at}, ${kind}: stuck ${life.stuckIn}, ${life.orphans} orphans, ${life.doubles} doubles`,
          )
      }
    }
    say?.(`${dnsMode}${hasTwin ? ', twin' : ''}: ${points} points, ${sum.runs} lives so far`)
  }
  return sum
}

/** A write is never throttled by the cloud; it is there or the worker is dead. */
function faultsAt(kind: PointKind, whole: boolean, turn: number): readonly FaultKind[] {
  const possible = FAULTS.filter((fault) => kind === 'call' || fault.startsWith('crash'))
  return whole ? possible : possible.filter((_, index) => index === turn % possible.length)
}
