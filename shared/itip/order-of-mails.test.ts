import { describe, expect, it } from 'vitest'
import { deliver, mail, storedAfter, vevent } from '#test/itip/build.ts'

const WEEKLY = { rrule: 'FREQ=WEEKLY;COUNT=5' }
const SECOND = '2026-03-09T10:00:00'
const SECOND_KEY = '2026-03-09T09:00:00Z'
const day = (n: number) => `2026-02-${20 + n}T09:00:00Z`

const first = mail('REQUEST', vevent({ ...WEEKLY, sequence: 0, dtstamp: day(0) }))
const moved = mail('REQUEST', vevent({ ...WEEKLY, sequence: 1, dtstamp: day(1), start: '2026-03-02T12:00:00' }))
const movedSecond = mail(
  'REQUEST',
  vevent({ instance: SECOND, start: '2026-03-09T15:00:00', sequence: 1, dtstamp: day(1) }),
)
const cancelSecond = mail('CANCEL', vevent({ instance: SECOND, sequence: 2, dtstamp: day(2) }))

describe('one component', () => {
  it('ignores an older SEQUENCE', () => {
    expect(deliver(storedAfter(first, moved), first).decision).toEqual({ kind: 'ignored', reason: 'stale' })
  })

  it('ignores an older DTSTAMP of the same SEQUENCE', () => {
    const older = mail('REQUEST', vevent({ ...WEEKLY, sequence: 1, dtstamp: day(0), summary: 'Old' }))
    expect(deliver(storedAfter(moved), older).decision).toEqual({ kind: 'ignored', reason: 'stale' })
  })

  it('applies a newer DTSTAMP of the same SEQUENCE', () => {
    const newer = mail('REQUEST', vevent({ ...WEEKLY, sequence: 0, dtstamp: day(1), location: 'Room 4' }))
    expect(deliver(storedAfter(first), newer).decision).toMatchObject({
      kind: 'update',
      changed: ['location'],
      resetsAnswers: false,
    })
  })

  it('does nothing for the same mail again', () => {
    const { decision, stored } = deliver(storedAfter(first), first)
    expect(decision).toEqual({ kind: 'ignored', reason: 'duplicate' })
    expect(stored).toEqual(storedAfter(first))
  })

  it('applies other content of the same revision, with a warning', () => {
    const other = mail('REQUEST', vevent({ ...WEEKLY, sequence: 0, dtstamp: day(0), summary: 'Other' }))
    expect(deliver(storedAfter(first), other).decision).toMatchObject({
      kind: 'update',
      changed: ['summary'],
      warnings: ['same_revision_other_content'],
    })
  })

  it('remembers the revision of a mail that changed nothing to see, so that an older one cannot undo it', () => {
    const guests = [{ address: 'bob@example.com' }, { address: 'eve@example.com' }]
    const resent = mail('REQUEST', vevent({ ...WEEKLY, sequence: 3, dtstamp: day(3), attendees: guests }))
    const { decision, stored } = deliver(storedAfter(first), resent)
    expect(decision).toMatchObject({ kind: 'ignored', reason: 'no_change' })
    expect(stored).toMatchObject({ sequence: 3, dtstamp: day(3), status: 'confirmed' })
    expect(deliver(stored, moved).decision).toEqual({ kind: 'ignored', reason: 'stale' })
  })
})

describe('instances', () => {
  it('takes a newer instance out of a mail whose master is old, and says so', () => {
    const both = { ...first, vevents: [...first.vevents, ...movedSecond.vevents] }
    const renamed = mail('REQUEST', vevent({ ...WEEKLY, sequence: 4, dtstamp: day(4), summary: 'Renamed' }))
    const { decision } = deliver(storedAfter(first, renamed), both)
    expect(decision).toMatchObject({
      kind: 'update',
      changed: ['instances'],
      resetsAnswers: false,
      instancesReset: [SECOND_KEY],
      warnings: ['older_master_skipped'],
    })
  })

  it('keeps a newer instance when a newer master comes with an old one', () => {
    const oldSecond = vevent({ instance: SECOND, start: '2026-03-09T08:00:00', sequence: 0, dtstamp: day(0) })
    const both = mail('REQUEST', vevent({ ...WEEKLY, sequence: 4, dtstamp: day(4), summary: 'New' }), oldSecond)
    const { decision, stored } = deliver(storedAfter(first, movedSecond), both)
    expect(decision).toMatchObject({ kind: 'update', warnings: ['older_instance_skipped'] })
    expect(stored?.series.overrides).toEqual(storedAfter(first, movedSecond)?.series.overrides)
  })

  it('drops old instances that a changed recurrence no longer has', () => {
    const { decision, stored } = deliver(storedAfter(first, movedSecond), {
      ...moved,
      vevents: moved.vevents.map((one) => ({ ...one, sequence: 7 })),
    })
    expect(decision).toMatchObject({ kind: 'update', changed: ['start', 'end', 'instances'], resetsAnswers: true })
    expect(stored?.series.overrides).toEqual([])
  })

  it('calls off one instance, once', () => {
    const { decision, stored } = deliver(storedAfter(first), cancelSecond)
    expect(decision).toMatchObject({ kind: 'cancel_instances', recurrenceKeys: [SECOND_KEY] })
    expect(stored).toMatchObject({ status: 'confirmed', series: { cancelled: [{ recurrenceKey: SECOND_KEY }] } })
    expect(deliver(stored, cancelSecond).decision).toEqual({ kind: 'ignored', reason: 'already_cancelled' })
  })

  it('lets nobody call off what is no occurrence, or what EXDATE took out', () => {
    const off = mail('CANCEL', vevent({ instance: '2026-03-10T10:00:00', sequence: 2 }))
    expect(deliver(storedAfter(first), off).decision).toEqual({ kind: 'ignored', reason: 'not_an_occurrence' })
    const excluded = mail('REQUEST', vevent({ ...WEEKLY, exdates: [SECOND] }))
    expect(deliver(storedAfter(excluded), cancelSecond).decision).toEqual({
      kind: 'ignored',
      reason: 'already_cancelled',
    })
  })

  it('brings a called-off instance back by a newer REQUEST only', () => {
    const stored = storedAfter(first, cancelSecond)
    expect(deliver(stored, movedSecond).decision).toEqual({ kind: 'ignored', reason: 'stale' })
    const back = mail('REQUEST', vevent({ instance: SECOND, sequence: 3, dtstamp: day(3) }))
    expect(deliver(stored, back).decision).toMatchObject({ kind: 'update', instancesReset: [SECOND_KEY] })
    expect(deliver(stored, back).stored?.series.cancelled).toEqual([])
  })

  it('treats STATUS:CANCELLED inside a REQUEST as a cancel', () => {
    const quiet = mail('REQUEST', vevent({ instance: SECOND, sequence: 2, dtstamp: day(2), status: 'CANCELLED' }))
    expect(deliver(storedAfter(first), quiet).decision).toMatchObject({ kind: 'cancel_instances' })
    const whole = mail('REQUEST', vevent({ ...WEEKLY, sequence: 2, dtstamp: day(2), status: 'CANCELLED' }))
    expect(deliver(storedAfter(first), whole).decision).toMatchObject({ kind: 'cancel' })
  })

  it('cancels a single event whose one instance is named', () => {
    const single = mail('REQUEST', vevent({ sequence: 0, dtstamp: day(0) }))
    const named = mail('CANCEL', vevent({ instance: '2026-03-02T10:00:00', sequence: 1, dtstamp: day(1) }))
    expect(deliver(storedAfter(single), named).decision).toMatchObject({ kind: 'cancel', revision: { sequence: 1 } })
  })

  it('takes a cancel that came along with an unchanged master for a cancel of that instance', () => {
    const master = vevent({ ...WEEKLY, sequence: 1, dtstamp: day(1) })
    const off = vevent({ instance: SECOND, sequence: 1, dtstamp: day(1), status: 'CANCELLED' })
    expect(deliver(storedAfter(first), mail('REQUEST', master, off)).decision).toMatchObject({
      kind: 'cancel_instances',
    })
    const third = vevent({
      instance: '2026-03-16T10:00:00',
      start: '2026-03-16T12:00:00',
      sequence: 1,
      dtstamp: day(1),
    })
    const both = mail('REQUEST', master, off, third)
    expect(deliver(storedAfter(first), both).decision).toMatchObject({ kind: 'update', changed: ['instances'] })
  })

  it('lets the cancel win against a REQUEST of the same revision, in both orders', () => {
    const same = mail(
      'REQUEST',
      vevent({ instance: SECOND, start: '2026-03-09T15:00:00', sequence: 2, dtstamp: day(2) }),
    )
    expect(storedAfter(first, same, cancelSecond)).toEqual(storedAfter(first, cancelSecond))
    expect(storedAfter(first, cancelSecond, same)).toEqual(storedAfter(first, cancelSecond))
  })

  it('forgets a mailed cancel when the master itself excludes the date, in both orders', () => {
    const excluded = mail('REQUEST', vevent({ ...WEEKLY, exdates: [SECOND], sequence: 1, dtstamp: day(1) }))
    expect(storedAfter(excluded, cancelSecond)?.series.cancelled).toEqual([])
    expect(storedAfter(cancelSecond, excluded)).toEqual(storedAfter(excluded, cancelSecond))
  })

  it('does not revive a date that the master excludes', () => {
    const excluded = mail('REQUEST', vevent({ ...WEEKLY, exdates: [SECOND] }))
    expect(deliver(storedAfter(excluded), movedSecond).decision).toEqual({
      kind: 'ignored',
      reason: 'not_an_occurrence',
    })
  })

  it('ignores an ADD older than the master that does not know its date', () => {
    const add = mail('ADD', vevent({ start: '2026-03-05T10:00:00', sequence: 1, dtstamp: day(1) }))
    const newer = mail('REQUEST', vevent({ ...WEEKLY, sequence: 2, dtstamp: day(2) }))
    expect(deliver(storedAfter(newer), add).decision).toEqual({ kind: 'ignored', reason: 'stale' })
    expect(storedAfter(first, add, newer)?.series.overrides).toEqual([])
  })
})
