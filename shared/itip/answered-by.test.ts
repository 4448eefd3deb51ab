import { describe, expect, it } from 'vitest'
import type { CalendarAddress } from '#shared/icalendar/model.ts'
import { vevent } from '#test/itip/build.ts'
import { answeredBy } from './answered-by.ts'
import { replyAttendee } from './incoming-reply.ts'

const BOB = 'bob@example.com'
const INVITED = { invitedAddress: BOB, invitedName: 'Bob Stone' }

describe('who answered', () => {
  const CAROL = 'carol@example.org'
  it.each<[string, CalendarAddress | undefined, string | undefined, string, string]>([
    ['himself, in another case of letters', { address: 'Bob@Example.com' }, 'BOB@example.com', BOB, 'self'],
    ['himself, without From', { address: BOB }, undefined, BOB, 'self'],
    ['his assistant', { address: BOB, sentBy: CAROL }, CAROL, CAROL, 'sent_by'],
    ['his other mailbox', { address: BOB }, 'bob.private@example.net', 'bob.private@example.net', 'alias_or_forward'],
    [
      'his account under another ATTENDEE',
      { address: 'b.stone@example.net' },
      BOB,
      'b.stone@example.net',
      'alias_or_forward',
    ],
    [
      'his tagged address',
      { address: 'bob+cal@example.com' },
      'bob+cal@example.com',
      'bob+cal@example.com',
      'alias_or_forward',
    ],
    [
      'his namesake elsewhere',
      { address: 'bob@example.net' },
      'bob@example.net',
      'bob@example.net',
      'alias_or_forward',
    ],
    [
      'somebody of his name',
      { address: 'x1@example.net', name: 'Stone, Bob' },
      'x1@example.net',
      'x1@example.net',
      'alias_or_forward',
    ],
    ['his delegate', { address: CAROL, delegatedFrom: [BOB] }, CAROL, CAROL, 'delegate'],
    ['a party crasher', { address: CAROL, name: 'Carol' }, CAROL, CAROL, 'someone_else'],
    ['an X.500 name behind his From', { address: '' }, BOB, BOB, 'self'],
    ['nobody readable', { address: '' }, undefined, BOB, 'self'],
  ])('%s', (_, attendee, from, address, relation) => {
    expect(answeredBy({ attendee, from }, INVITED)).toEqual({ address, relation })
  })

  it('the owner of a Gmail address, which has no dots', () => {
    const dotted = { invitedAddress: 'bob.stone@gmail.com' }
    const who = (address: string) => answeredBy({ attendee: { address }, from: address }, dotted).relation
    expect(who('bobstone+x@googlemail.com')).toBe('alias_or_forward')
    expect(who('bobstone@example.com')).toBe('alias_or_forward')
    expect(who('bobsto.ne@example.com')).toBe('someone_else')
  })

  it('finds the one who answers in an echoed guest list', () => {
    const mail = { from: CAROL, invitedAddress: BOB }
    const guests = (...attendees: readonly CalendarAddress[]) => vevent({ attendees })
    const asked: CalendarAddress = { address: BOB, partstat: 'NEEDS-ACTION' }
    const hers: CalendarAddress = { address: CAROL, partstat: 'ACCEPTED' }
    expect(replyAttendee(guests(asked, hers), mail)).toBe(hers)
    expect(replyAttendee(guests(asked, { address: 'eve@example.com' }), mail)).toBe(asked)
    const delegator: CalendarAddress = { address: BOB, partstat: 'DELEGATED', delegatedTo: [CAROL] }
    const delegate: CalendarAddress = { address: CAROL, partstat: 'ACCEPTED', delegatedFrom: [BOB] }
    expect(replyAttendee(guests(delegator, delegate), mail)).toBe(delegate)
    expect(replyAttendee(guests(delegator, delegate), { ...mail, from: BOB })).toBe(delegator)
    expect(replyAttendee(guests(), mail)).toBeUndefined()
  })
})
