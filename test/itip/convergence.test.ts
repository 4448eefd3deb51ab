import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IncomingItip } from '#shared/itip/decisions.ts'
import { mail, storedAfter, vevent } from './build.ts'

/** The five Mondays of the series, at ten. */
const INSTANCES = ['2026-03-02', '2026-03-09', '2026-03-16', '2026-03-23', '2026-03-30'].map((day) => `${day}T10:00:00`)

type Act =
  | { readonly kind: 'rename'; readonly text: string }
  | { readonly kind: 'shorten' }
  | { readonly kind: 'move' | 'call_off' | 'series_with_move'; readonly pick: number; readonly hour: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('rename' as const), text: fc.constantFrom('A', 'B', 'C') }),
  fc.record({ kind: fc.constant('shorten' as const) }),
  fc.record({
    kind: fc.constantFrom('move' as const, 'call_off' as const, 'series_with_move' as const),
    pick: fc.nat({ max: 4 }),
    hour: fc.integer({ min: 11, max: 18 }),
  }),
)

/** What an organizer's client sends as he works: every mail with a later revision than the one before. */
function mailsOf(acts: readonly Act[], countsSequence: boolean): readonly IncomingItip[] {
  let count = INSTANCES.length
  let summary = 'Review'
  const mails: IncomingItip[] = []
  for (const [index, one] of [{ kind: 'rename' as const, text: 'Review' }, ...acts].entries()) {
    const revision = {
      sequence: countsSequence ? index : 0,
      dtstamp: `2026-02-01T09:${String(index).padStart(2, '0')}:00Z`,
    }
    if (one.kind === 'rename') summary = one.text
    // An instance that a shorter series lost never comes back: which of two lost mails spoke of it could not be told.
    if (one.kind === 'shorten') count = Math.max(1, count - 1)
    const master = vevent({ ...revision, summary, rrule: `FREQ=WEEKLY;COUNT=${count}` })
    if (one.kind === 'rename' || one.kind === 'shorten') mails.push(mail('REQUEST', master))
    else {
      const instance = INSTANCES[one.pick % count] ?? ''
      const start = `${instance.slice(0, 10)}T${one.hour}:00:00`
      const moved = vevent({ ...revision, instance, start, summary })
      if (one.kind === 'call_off') mails.push(mail('CANCEL', vevent({ ...revision, instance, status: 'CANCELLED' })))
      else mails.push(one.kind === 'move' ? mail('REQUEST', moved) : mail('REQUEST', master, moved))
    }
  }
  return mails
}

/** All of them in any order, some of them again. */
function arrivals(mails: readonly IncomingItip[]): fc.Arbitrary<readonly IncomingItip[]> {
  const shuffled = fc.shuffledSubarray([...mails], { minLength: mails.length })
  return fc.tuple(shuffled, fc.array(fc.constantFrom(...mails), { maxLength: 4 }), fc.nat()).map(([all, again, at]) => {
    const cut = at % (all.length + 1)
    return [...all.slice(0, cut), ...again, ...all.slice(cut)]
  })
}

const story = fc
  .tuple(fc.array(act, { maxLength: 6 }), fc.boolean())
  .map(([acts, countsSequence]) => mailsOf(acts, countsSequence))

describe('any order of arrival, with repetitions', () => {
  it('ends in the very series that the right order ends in', () => {
    const both = story.chain((mails) => fc.tuple(fc.constant(mails), arrivals(mails)))
    fc.assert(
      fc.property(both, ([mails, arrived]) => {
        expect(storedAfter(...arrived)).toEqual(storedAfter(...mails))
      }),
      { numRuns: 400 },
    )
  })

  it('ends cancelled, at the revision of the cancel, when the organizer cancelled in the end', () => {
    const cancelled = story.map((mails) => {
      const last = { sequence: mails.length, dtstamp: '2026-02-02T09:00:00Z', status: 'CANCELLED' as const }
      return [...mails, mail('CANCEL', vevent(last))]
    })
    const both = cancelled.chain((mails) => fc.tuple(fc.constant(mails), arrivals(mails)))
    fc.assert(
      fc.property(both, ([mails, arrived]) => {
        const { status, sequence, dtstamp } = storedAfter(...arrived) ?? {}
        expect({ status, sequence, dtstamp }).toEqual({
          status: 'cancelled',
          sequence: mails.length - 1,
          dtstamp: '2026-02-02T09:00:00Z',
        })
      }),
      { numRuns: 300 },
    )
  })
})
