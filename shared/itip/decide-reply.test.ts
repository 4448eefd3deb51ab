import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CalendarAddress, Partstat } from '#shared/icalendar/model.ts'
import { vevent } from '#test/itip/build.ts'
import { decideReply } from './decide-reply.ts'
import type { IncomingReply, ReplyContext, StoredAnswer } from './decisions.ts'

const BOB = 'bob@example.com'
const day = (n: number) => `2026-02-${20 + n}T09:00:00Z`

const context: ReplyContext = {
  invitedAddress: BOB,
  invitedName: 'Bob Stone',
  uid: 'evt_1@events.example.com',
  sequence: 2,
  lastResetSequence: 1,
  isCancelled: false,
  answer: undefined,
  isOccurrence: true,
}

function reply(
  given: Partial<IncomingReply> & { partstat?: Partstat; dtstamp?: string; sequence?: number } = {},
): IncomingReply {
  const { partstat = 'ACCEPTED', dtstamp = day(1), sequence, ...rest } = given
  const component = vevent({ uid: context.uid, dtstamp, ...(sequence !== undefined && { sequence }) })
  const attendee: CalendarAddress = { address: BOB, partstat }
  return { method: 'REPLY', vevent: component, attendee, from: BOB, hasSequence: sequence !== undefined, ...rest }
}

describe('which mails answer', () => {
  it('takes a REPLY without SEQUENCE as an answer to the current one', () => {
    expect(decideReply(reply(), context)).toEqual({
      kind: 'answer',
      partstat: 'ACCEPTED',
      sequence: 2,
      dtstamp: day(1),
      answeredBy: { address: BOB, relation: 'self' },
      isAfterCancel: false,
    })
  })

  it.each(['REQUEST', 'PUBLISH', 'CANCEL', 'ADD', 'DECLINECOUNTER'] as const)('does nothing for %s', (method) => {
    expect(decideReply(reply({ method }), context)).toEqual({ kind: 'ignored', reason: 'unsupported_method' })
  })

  it('takes an answer without METHOD, but not a bare event', () => {
    expect(decideReply(reply({ method: undefined }), context).kind).toBe('answer')
    const bare = reply({ method: undefined, partstat: 'NEEDS-ACTION' })
    expect(decideReply(bare, context)).toEqual({ kind: 'ignored', reason: 'unsupported_method' })
  })

  it.each(['REPLY', 'COUNTER', 'REFRESH'] as const)('knows a %s for another event by its UID', (method) => {
    const other = reply({ method, vevent: vevent({ uid: 'evt_2@events.example.com' }) })
    expect(decideReply(other, context)).toEqual({ kind: 'ignored', reason: 'wrong_uid' })
  })

  it('finds no answer in NEEDS-ACTION, in no PARTSTAT, and in no ATTENDEE', () => {
    for (const attendee of [{ address: BOB, partstat: 'NEEDS-ACTION' as const }, { address: BOB }, undefined]) {
      expect(decideReply(reply({ attendee }), context)).toEqual({ kind: 'ignored', reason: 'no_answer' })
    }
  })

  it('sends the invite again for REFRESH', () => {
    expect(decideReply(reply({ method: 'REFRESH' }), context)).toEqual({ kind: 'refresh' })
  })

  it('ignores an answer for what is no instance, and keeps one for what is', () => {
    const instance = vevent({ uid: context.uid, instance: '2026-03-09T10:00:00' })
    const answer = decideReply(reply({ vevent: instance }), context)
    expect(answer).toMatchObject({ kind: 'answer', recurrenceKey: '2026-03-09T09:00:00Z' })
    expect(decideReply(reply({ vevent: instance }), { ...context, isOccurrence: false })).toEqual({
      kind: 'ignored',
      reason: 'not_an_occurrence',
    })
  })

  it('keeps COMMENT, and marks what comes after the cancel', () => {
    const spoken = { ...vevent({ uid: context.uid }), comment: 'Ten minutes late' }
    expect(decideReply(reply({ vevent: spoken }), { ...context, isCancelled: true })).toMatchObject({
      comment: 'Ten minutes late',
      isAfterCancel: true,
    })
  })
})

describe('COUNTER', () => {
  it('is a proposal, with the answer that Outlook puts into it', () => {
    const moved = vevent({ uid: context.uid, start: '2026-03-02T16:00:00', sequence: 2 })
    const counter = reply({ method: 'COUNTER', vevent: moved, hasSequence: true, partstat: 'TENTATIVE' })
    expect(decideReply(counter, context)).toMatchObject({
      kind: 'proposal',
      partstat: 'TENTATIVE',
      dtstart: moved.dtstart,
    })
  })

  it('for an older time is kept as stale', () => {
    const counter = reply({ method: 'COUNTER', sequence: 0 })
    expect(decideReply(counter, context)).toMatchObject({ kind: 'proposal', isStale: true })
  })
})

describe('order of answers', () => {
  const stored = (partstat: Partstat, n: number, sequence = 2): StoredAnswer => ({
    partstat,
    sequence,
    dtstamp: day(n),
  })

  it('newer DTSTAMP wins, older is stale, the same again is a duplicate', () => {
    const known = { ...context, answer: stored('ACCEPTED', 2) }
    expect(decideReply(reply({ partstat: 'DECLINED', dtstamp: day(3) }), known).kind).toBe('answer')
    expect(decideReply(reply({ partstat: 'DECLINED', dtstamp: day(1) }), known)).toEqual({
      kind: 'ignored',
      reason: 'stale',
    })
    expect(decideReply(reply({ dtstamp: day(2) }), known)).toEqual({ kind: 'ignored', reason: 'duplicate' })
  })

  it('a repetition is known also when it answered an earlier SEQUENCE', () => {
    const known = { ...context, answer: stored('ACCEPTED', 2, 1) }
    expect(decideReply(reply({ dtstamp: day(2) }), known)).toEqual({ kind: 'ignored', reason: 'duplicate' })
  })

  it('of one DTSTAMP the later arrival wins', () => {
    const known = { ...context, answer: stored('ACCEPTED', 2) }
    expect(decideReply(reply({ partstat: 'DECLINED', dtstamp: day(2) }), known)).toMatchObject({ partstat: 'DECLINED' })
  })

  it('below the last reset it is kept as an answer to an older time, however new its DTSTAMP', () => {
    expect(decideReply(reply({ sequence: 0, dtstamp: day(7) }), context)).toMatchObject({
      kind: 'answered_older_time',
      sequence: 0,
    })
  })

  it('a lower SEQUENCE that reset nothing counts', () => {
    expect(decideReply(reply({ sequence: 1 }), context)).toMatchObject({ kind: 'answer', sequence: 1 })
  })

  it('an answer to the old time does not hold back an earlier-stamped one to the new time', () => {
    const known = { ...context, answer: stored('ACCEPTED', 5, 0) }
    expect(decideReply(reply({ partstat: 'DECLINED', sequence: 1, dtstamp: day(3) }), known).kind).toBe('answer')
  })

  it('a SEQUENCE we never sent counts as the current one', () => {
    expect(decideReply(reply({ sequence: 2_147_483_647 }), context)).toMatchObject({ kind: 'answer', sequence: 2 })
  })

  it('a DTSTAMP from the future counts as the time of arrival', () => {
    const ahead = reply({ dtstamp: '2099-01-01T00:00:00Z', receivedAt: day(3) })
    expect(decideReply(ahead, context)).toMatchObject({ dtstamp: day(3) })
  })

  it('ends with the same answer in every order of arrival, with every repetition', () => {
    const one = fc.record({
      n: fc.integer({ min: 1, max: 8 }),
      partstat: fc.constantFrom('ACCEPTED', 'DECLINED', 'TENTATIVE'),
      sequence: fc.integer({ min: 0, max: 2 }),
    })
    const set = fc.uniqueArray(one, { selector: ({ n }) => n, minLength: 1, maxLength: 6 })
    const orders = set.chain((all) => {
      const repeated = fc.shuffledSubarray([...all, ...all, ...all], { minLength: all.length })
      return fc.tuple(
        fc.constant(all),
        repeated.map((some) => [...some, ...all.filter((x) => !some.includes(x))]),
      )
    })
    fc.assert(
      fc.property(orders, ([all, arrived]) => {
        let answer: StoredAnswer | undefined
        for (const { n, partstat, sequence } of arrived) {
          const decision = decideReply(reply({ partstat, sequence, dtstamp: day(n) }), { ...context, answer })
          if (decision.kind === 'answer') answer = decision
        }
        const best = all.filter(({ sequence }) => sequence >= 1).toSorted((a, b) => b.n - a.n)[0]
        expect(answer?.partstat).toBe(best?.partstat)
        expect(answer?.dtstamp).toBe(best && day(best.n))
      }),
    )
  })
})
