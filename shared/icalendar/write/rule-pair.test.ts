import { describe, expect, it } from 'vitest'
import { rruleOf, rulePair } from './rule-pair.ts'
import { type Transition, zoneHistory } from './zone-transitions.ts'

const HOUR_MS = 3_600_000
const span = { fromMs: Date.UTC(2026, 0, 15), toMs: Date.UTC(2031, 0, 15) }
const history = zoneHistory('Europe/Madrid', span.fromMs, span.toMs)

const moved = (change: Transition, byMs: number): Transition => ({
  ...change,
  atMs: change.atMs + byMs,
  wallMs: change.wallMs + byMs,
})

describe('a pair of rules', () => {
  it('is found where it yields every change', () => {
    expect(rulePair(history, span)?.map(rruleOf)).toEqual([
      'FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
    ])
  })

  it('is not, when the offset at the start is another than the rules would have left there', () => {
    expect(rulePair({ ...history, offsetSeconds: 7200 }, span)).toBeUndefined()
  })

  it('is not, when a change is missing, has another hour, day or offset', () => {
    const [first, ...rest] = history.transitions
    if (first === undefined) throw new Error('Madrid changes its offset')
    const others = [
      [],
      [moved(first, HOUR_MS)],
      [moved(first, 24 * HOUR_MS)],
      [moved(first, -168 * HOUR_MS)],
      [{ ...first, offsetToSeconds: 5400 }],
    ]
    for (const other of others) expect(rulePair({ ...history, transitions: [...other, ...rest] }, span)).toBeUndefined()
  })
})
