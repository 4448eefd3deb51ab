import { describe, expect, it } from 'vitest'
import { ANA, deliver, mail, STRANGER, storedAfter, UID, vevent } from '#test/itip/build.ts'
import { storedSeriesKeys } from './decide-organizer.ts'

const WEEKLY = { rrule: 'FREQ=WEEKLY;COUNT=5' }
const created = storedAfter(mail('REQUEST', vevent({ ...WEEKLY, sequence: 0 })))

describe('who may', () => {
  it('ignores an update by anybody but the one who created it', () => {
    const update = mail('REQUEST', vevent({ ...WEEKLY, sequence: 1, summary: 'Mine now' }))
    expect(deliver(created, update, STRANGER).decision).toEqual({ kind: 'ignored', reason: 'not_the_organizer' })
    expect(deliver(created, update, STRANGER).stored).toBe(created)
  })

  it('ignores a CANCEL by an attendee', () => {
    const cancel = mail('CANCEL', vevent({ sequence: 9, status: 'CANCELLED' }))
    expect(deliver(created, cancel, STRANGER).decision).toEqual({ kind: 'ignored', reason: 'not_the_organizer' })
  })

  it('tells a stranger nothing, not even that his mail is malformed', () => {
    const odd = mail('REQUEST', vevent({ instance: '2026-03-09T10:00:00', isThisAndFuture: true }))
    expect(deliver(created, odd, STRANGER).decision).toEqual({ kind: 'ignored', reason: 'not_the_organizer' })
  })

  it('knows the organizer by his address in any case of letters', () => {
    const update = mail('REQUEST', vevent({ ...WEEKLY, sequence: 1, summary: 'Renamed' }))
    expect(deliver(created, update, { address: 'Ana@Example.ORG' }).decision.kind).toBe('update')
  })

  it('looks under the sender first, then under the named organizer', () => {
    expect(storedSeriesKeys(mail('CANCEL', vevent()), STRANGER)).toEqual([
      { uid: UID, organizerAddress: STRANGER.address },
      { uid: UID, organizerAddress: ANA.address },
    ])
  })

  it('owns a forwarded invite by its sender, whatever ORGANIZER says', () => {
    expect(deliver(undefined, mail('REQUEST', vevent()), STRANGER).stored?.organizerAddress).toBe(STRANGER.address)
  })
})

describe('what is no event', () => {
  it.each(['REPLY', 'COUNTER', 'REFRESH', 'DECLINECOUNTER'] as const)('%s is not for this mailbox', (method) => {
    expect(deliver(undefined, mail(method, vevent())).decision).toEqual({
      kind: 'ignored',
      reason: 'method_not_for_this_mailbox',
    })
  })

  it('refuses a calendar without VEVENT, and says so when it holds tasks', () => {
    expect(deliver(undefined, mail('REQUEST')).decision).toEqual({ kind: 'refused', reason: 'no_event' })
    const tasks = { ...mail('REQUEST'), otherComponents: ['VTODO'] }
    expect(deliver(undefined, tasks).decision).toEqual({ kind: 'refused', reason: 'events_only' })
  })

  it('refuses components of several UIDs in one group', () => {
    const mixed = mail('REQUEST', vevent(), vevent({ uid: 'other@client.example.org' }))
    expect(deliver(undefined, mixed).decision).toEqual({ kind: 'refused', reason: 'mixed_uids' })
  })

  it('refuses RANGE=THISANDFUTURE with its own reason', () => {
    const ranged = mail('REQUEST', vevent({ instance: '2026-03-09T10:00:00', sequence: 1, isThisAndFuture: true }))
    expect(deliver(created, ranged).decision).toEqual({ kind: 'refused', reason: 'range_this_and_future' })
  })
})

describe('create', () => {
  it.each([undefined, 'PUBLISH', 'REQUEST'] as const)('METHOD %s makes an event', (method) => {
    const { decision, stored } = deliver(undefined, mail(method, vevent()))
    expect(decision).toMatchObject({ kind: 'create', isRecreation: false, warnings: [] })
    expect(stored).toMatchObject({ status: 'confirmed', organizerAddress: ANA.address, sequence: 0 })
  })

  it('takes naked instances without a master', () => {
    const { stored } = deliver(undefined, mail('REQUEST', vevent({ instance: '2026-03-09T10:00:00', sequence: 2 })))
    expect(stored?.series.master).toBeUndefined()
    expect(stored).toMatchObject({ sequence: 2, series: { overrides: [{ recurrenceKey: '2026-03-09T09:00:00Z' }] } })
  })

  it('merges the master that comes later, and keys a DATE by its time of day', () => {
    const naked = mail('REQUEST', vevent({ instance: '2026-03-09', start: '2026-03-09T15:00:00', sequence: 1 }))
    const { decision, stored } = deliver(storedAfter(naked), mail('REQUEST', vevent({ ...WEEKLY, sequence: 0 })))
    expect(decision).toMatchObject({ kind: 'update', resetsAnswers: true })
    expect(stored?.series.overrides).toMatchObject([{ recurrenceKey: '2026-03-09T09:00:00Z', sequence: 1 }])
  })

  it('skips an instance that the mail itself does not hold', () => {
    const { decision } = deliver(
      undefined,
      mail('REQUEST', vevent(WEEKLY), vevent({ instance: '2026-03-10T10:00:00' })),
    )
    expect(decision).toMatchObject({
      kind: 'create',
      series: { overrides: [] },
      warnings: ['instance_not_an_occurrence'],
    })
  })

  it('makes a new occurrence out of ADD, with an RDATE for the master', () => {
    const add = mail('ADD', vevent({ start: '2026-03-05T10:00:00', sequence: 1, dtstamp: '2026-02-21T09:00:00Z' }))
    const { decision, stored } = deliver(created, add)
    expect(decision).toMatchObject({ kind: 'update', changed: ['instances'], resetsAnswers: false })
    expect(stored?.series.master?.recurrence?.rdates).toMatchObject([{ instant: '2026-03-05T09:00:00Z' }])
    expect(deliver(stored, add).decision).toEqual({ kind: 'ignored', reason: 'duplicate' })
  })
})
