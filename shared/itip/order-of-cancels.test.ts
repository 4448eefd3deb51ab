import { describe, expect, it } from 'vitest'
import { deliver, mail, storedAfter, vevent } from '#test/itip/build.ts'

const WEEKLY = { rrule: 'FREQ=WEEKLY;COUNT=5' }
const SECOND = '2026-03-09T10:00:00'
const day = (n: number) => `2026-02-${20 + n}T09:00:00Z`

const first = mail('REQUEST', vevent({ ...WEEKLY, sequence: 0, dtstamp: day(0) }))
const moved = mail('REQUEST', vevent({ ...WEEKLY, sequence: 1, dtstamp: day(1), start: '2026-03-02T12:00:00' }))
const cancel = mail('CANCEL', vevent({ sequence: 2, dtstamp: day(2), status: 'CANCELLED' }))
const cancelSecond = mail('CANCEL', vevent({ instance: SECOND, sequence: 2, dtstamp: day(2) }))

describe('cancel and after', () => {
  it('cancels, keeps the series, and is not undone by an older update', () => {
    const { decision, stored } = deliver(storedAfter(first), cancel)
    expect(decision).toMatchObject({ kind: 'cancel', series: { master: { summary: 'Weekly review' } } })
    expect(stored).toMatchObject({ status: 'cancelled', sequence: 2, dtstamp: day(2) })
    expect(deliver(stored, moved).decision).toEqual({ kind: 'ignored', reason: 'stale' })
    expect(deliver(stored, cancel).decision).toEqual({ kind: 'ignored', reason: 'already_cancelled' })
    expect(deliver(stored, cancelSecond).decision).toEqual({ kind: 'ignored', reason: 'already_cancelled' })
  })

  it('buries what comes after a CANCEL that came too early', () => {
    const { decision, stored } = deliver(undefined, cancel)
    expect(decision).toMatchObject({ kind: 'tombstone', scope: 'series', revision: { sequence: 2, dtstamp: day(2) } })
    expect(deliver(stored, first).decision).toEqual({ kind: 'ignored', reason: 'stale' })
  })

  it('remembers an instance called off before its series came', () => {
    const { decision, stored } = deliver(undefined, cancelSecond)
    expect(decision).toMatchObject({ kind: 'tombstone', scope: 'instances' })
    const next = deliver(stored, first)
    expect(next.decision).toMatchObject({ kind: 'create', isRecreation: false })
    expect(next.stored).toEqual(storedAfter(first, cancelSecond))
  })

  it('lets the organizer create again at SEQUENCE 0, and old mail stays buried', () => {
    const again = mail('REQUEST', vevent({ sequence: 0, dtstamp: day(5), summary: 'Second try' }))
    const { decision, stored } = deliver(storedAfter(first, moved, cancel), again)
    expect(decision).toMatchObject({
      kind: 'create',
      isRecreation: true,
      series: { master: { summary: 'Second try' } },
    })
    for (const late of [cancel, moved, cancelSecond]) expect(deliver(stored, late).stored).toBe(stored)
  })

  it('orders a CANCEL without SEQUENCE by its DTSTAMP', () => {
    const bare = (n: number) => mail('CANCEL', vevent({ dtstamp: day(n), status: 'CANCELLED' }))
    expect(deliver(storedAfter(first, moved), bare(0)).decision).toEqual({ kind: 'ignored', reason: 'stale' })
    expect(deliver(storedAfter(first, moved), bare(3)).decision).toMatchObject({ kind: 'cancel' })
  })

  it('buries an older instance, however high its own SEQUENCE', () => {
    const late = mail('REQUEST', vevent({ instance: SECOND, sequence: 9, dtstamp: day(1) }))
    expect(deliver(storedAfter(first, cancel), late).decision).toEqual({ kind: 'ignored', reason: 'stale' })
  })

  it('cancels at the same revision as the REQUEST, in both orders', () => {
    const same = mail('REQUEST', vevent({ ...WEEKLY, sequence: 2, dtstamp: day(2) }))
    expect(storedAfter(same, cancel)?.status).toBe('cancelled')
    expect(storedAfter(cancel, same)?.status).toBe('cancelled')
  })

  it('cancels instances without a series by DTSTAMP, for their SEQUENCE counts apart', () => {
    const naked = mail('REQUEST', vevent({ instance: SECOND, sequence: 5, dtstamp: day(1) }))
    expect(deliver(storedAfter(naked), cancel).decision).toMatchObject({ kind: 'cancel', revision: { sequence: 5 } })
  })

  it('remembers the highest of several cancels', () => {
    const again = mail('CANCEL', vevent({ sequence: 6, dtstamp: day(3), status: 'CANCELLED' }))
    const between = mail('REQUEST', vevent({ ...WEEKLY, sequence: 4, dtstamp: day(2) }))
    const stored = storedAfter(first, cancel, again)
    expect(stored).toMatchObject({ status: 'cancelled', sequence: 6, dtstamp: day(3) })
    expect(deliver(stored, between).decision).toEqual({ kind: 'ignored', reason: 'stale' })
  })

  it('leaves the instances of a re-created series alone when an older cancel of one comes late', () => {
    const again = mail('REQUEST', vevent({ ...WEEKLY, sequence: 0, dtstamp: day(5) }))
    const stored = storedAfter(first, cancel, again)
    expect(deliver(stored, cancelSecond).stored).toBe(stored)
  })
})
