import { describe, expect, it } from 'vitest'
import { deliver, mail, storedAfter, vevent } from '#test/itip/build.ts'

type Given = NonNullable<Parameters<typeof vevent>[0]>

/** The decision for `then` when `before` is stored; one day and one SEQUENCE later. */
function update(before: Given, then: Given) {
  const stored = storedAfter(mail('REQUEST', vevent({ ...before, sequence: 0, dtstamp: '2026-02-20T09:00:00Z' })))
  return deliver(stored, mail('REQUEST', vevent({ ...before, ...then, sequence: 1, dtstamp: '2026-02-21T09:00:00Z' })))
    .decision
}

const SINGLE: Given = { start: '2026-03-02T10:00:00' }
const WEEKLY: Given = { ...SINGLE, rrule: 'FREQ=WEEKLY;COUNT=5' }

describe('resets answers', () => {
  it.each<[string, Given, Given, readonly string[]]>([
    ['a new start', SINGLE, { start: '2026-03-02T11:00:00' }, ['start', 'end']],
    ['a new end', SINGLE, { hours: 2 }, ['end']],
    ['a new day of an all-day event', { start: '2026-03-02' }, { start: '2026-03-03' }, ['start', 'end']],
    ['all-day where it was timed', SINGLE, { start: '2026-03-02' }, ['start', 'end']],
    ['another rule', WEEKLY, { rrule: 'FREQ=WEEKLY;COUNT=6' }, ['recurrence']],
    ['a rule where there was none', SINGLE, { rrule: 'FREQ=DAILY;COUNT=2' }, ['recurrence']],
    ['an EXDATE', WEEKLY, { exdates: ['2026-03-09T10:00:00'] }, ['recurrence']],
    ['an RDATE', WEEKLY, { rdates: ['2026-03-05T10:00:00'] }, ['recurrence']],
    [
      'a zone that will drift apart',
      WEEKLY,
      { start: '2026-03-02T04:00:00', tzid: 'America/New_York' },
      ['start', 'end'],
    ],
  ])('%s', (_, before, then, changed) => {
    expect(update(before, then)).toMatchObject({ kind: 'update', changed, resetsAnswers: true })
  })
})

describe('keeps answers', () => {
  it.each<[string, Given, Given, readonly string[]]>([
    ['another title', WEEKLY, { summary: 'Monthly review' }, ['summary']],
    ['another place', SINGLE, { location: 'Room 7' }, ['location']],
    ['another text', SINGLE, { description: 'Bring coffee' }, ['description']],
    ['now tentative', SINGLE, { status: 'TENTATIVE' }, ['status']],
    [
      'the same instant by another zone name',
      SINGLE,
      { start: '2026-03-02T04:00:00', tzid: 'America/New_York' },
      ['other'],
    ],
    ['the same instant in UTC', SINGLE, { start: '2026-03-02T09:00:00Z' }, ['other']],
  ])('%s', (_, before, then, changed) => {
    expect(update(before, then)).toMatchObject({ kind: 'update', changed, resetsAnswers: false })
  })
})

describe('tells nobody', () => {
  it.each<[string, Given]>([
    ['a higher SEQUENCE alone', {}],
    ['another name of a zone with the same rules', { tzid: 'Europe/Paris' }],
    ['the same rule in another spelling', { rrule: 'COUNT=5;INTERVAL=1;FREQ=weekly' }],
    ["another spelling of the organizer's name", { organizer: { address: 'ana@example.org' } }],
    ['other guests', { attendees: [{ address: 'bob@example.com' }, { address: 'eve@example.com' }] }],
  ])('%s', (_, then) => {
    expect(update(WEEKLY, then)).toMatchObject({
      kind: 'ignored',
      reason: 'no_change',
      quietly: { revision: { sequence: 1 } },
    })
  })

  it('an EXDATE for what a CANCEL called off before', () => {
    const second = '2026-03-09T10:00:00'
    const stored = storedAfter(
      mail('REQUEST', vevent({ ...WEEKLY, sequence: 0, dtstamp: '2026-02-20T09:00:00Z' })),
      mail('CANCEL', vevent({ instance: second, sequence: 1, dtstamp: '2026-02-21T09:00:00Z' })),
    )
    const next = mail('REQUEST', vevent({ ...WEEKLY, exdates: [second], sequence: 2, dtstamp: '2026-02-22T09:00:00Z' }))
    expect(deliver(stored, next).decision).toMatchObject({ kind: 'ignored', reason: 'no_change' })
  })

  it('a guest added to one instance', () => {
    const stored = storedAfter(mail('REQUEST', vevent({ ...WEEKLY, sequence: 0 })))
    const one = vevent({ instance: '2026-03-09T10:00:00', sequence: 1, attendees: [{ address: 'eve@example.com' }] })
    const { decision, stored: next } = deliver(stored, mail('REQUEST', one))
    expect(decision).toMatchObject({ kind: 'ignored', reason: 'no_change' })
    expect(next?.series.overrides).toHaveLength(1)
  })

  it('an instance over the change of clocks, an hour longer on the wall', () => {
    const nightly: Given = { start: '2026-03-28T01:00:00', hours: 3, rrule: 'FREQ=DAILY;COUNT=3' }
    const stored = storedAfter(mail('REQUEST', vevent({ ...nightly, sequence: 0 })))
    const night = mail('REQUEST', vevent({ instance: '2026-03-29T01:00:00', hours: 3, sequence: 1 }))
    expect(deliver(stored, night).decision).toMatchObject({ kind: 'ignored', reason: 'no_change' })
  })
})
