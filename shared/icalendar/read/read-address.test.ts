import { describe, expect, it } from 'vitest'
import type { CalendarAddress } from '../model.ts'
import { calendarText, onlyCalendar, onlyVevent, veventLines, veventOf } from '../testing/calendar-text.ts'
import { ATTENDEES_KEPT } from './limits.ts'
import { readMailbox } from './read-address.ts'

const organizerOf = (line: string): CalendarAddress | undefined => onlyVevent(line).organizer

describe('a mailbox', () => {
  it.each([
    ['mailto:ana@example.com', 'ana@example.com'],
    ['MAILTO:Ana@EXAMPLE.Com', 'Ana@example.com'],
    ['Mailto: ana@example.com ', 'ana@example.com'],
    ['mailto:mailto:ana@example.com', 'ana@example.com'],
    ['ana@example.com', 'ana@example.com'],
    ['mailto:ana%2Bwork@example.com', 'ana+work@example.com'],
    ['mailto:ana%40example.com', 'ana@example.com'],
    ['mailto:%22Ana%20Diaz%22%20%3Cana@example.com%3E', 'ana@example.com'],
    ['mailto:Ana Diaz <ana@example.com>', 'ana@example.com'],
    ['mailto:<ana@example.com>', 'ana@example.com'],
    ["mailto:'ana@example.com'", 'ana@example.com'],
    ['mailto:ana@example.com?subject=Hello', 'ana@example.com'],
    ['mailto:100%@example.com', '100%@example.com'],
    ['mailto:ana@münchen.example', 'ana@münchen.example'],
    ['mailto:"a b"@example.com', '"a b"@example.com'],
    ['invalid:nomail', ''],
    ['mailto:', ''],
    ['urn:uuid:1234', ''],
    ['/O=EXAMPLE/OU=EXCHANGE/CN=RECIPIENTS/CN=ANA', ''],
    ['MAILTO:/O=EXAMPLE/CN=ANA', ''],
    ['https://example.com/principals/ana', ''],
    ['mailto:ana@', ''],
    ['mailto:@example.com', ''],
    ['mailto:ana@example.com,bob@example.com', ''],
    ['mailto:ana@exa mple.com', ''],
    ['mailto:ana@example.com%0D%0ABcc:x@example.com', ''],
    [`mailto:${'a'.repeat(400)}@example.com`, ''],
  ])('%s', (value, mailbox) => {
    expect(readMailbox(value)).toBe(mailbox)
  })
})

describe('an ORGANIZER', () => {
  it.each([
    ['ORGANIZER;CN=Foo:Bar:mailto:foo@example.com', { address: 'foo@example.com', name: 'Foo:Bar' }],
    [
      'ORGANIZER;CN=a:mailto:b@example.org:mailto:c@example.com',
      { address: 'c@example.com', name: 'a:mailto:b@example.org' },
    ],
    ['ORGANIZER;CN=Doe, John:mailto:john@example.com', { address: 'john@example.com', name: 'Doe, John' }],
    ['ORGANIZER;CN="Doe, John":mailto:john@example.com', { address: 'john@example.com', name: 'Doe, John' }],
    ['ORGANIZER;CN="A; B: C":mailto:a@example.com', { address: 'a@example.com', name: 'A; B: C' }],
    ['ORGANIZER;CN="John \\"Jo\\" Doe":mailto:a@example.com', { address: 'a@example.com', name: 'John Jo Doe' }],
    ['ORGANIZER;CN="unclosed:mailto:a@example.com', { address: 'a@example.com', name: 'unclosed' }],
    [
      'ORGANIZER;CN="^\'Jo^\' ^^ line^nbreak":mailto:a@example.com',
      { address: 'a@example.com', name: '"Jo" ^ line break' },
    ],
    ['ORGANIZER;CN=a@example.com:mailto:a@example.com', { address: 'a@example.com' }],
    ['ORGANIZER:mailto:a@example.com', { address: 'a@example.com' }],
    ['organizer;cn=Ana:mailto:a@example.com', { address: 'a@example.com', name: 'Ana' }],
    ['ORGANIZER;CN=Ana;EMAIL=ana@example.com:mailto:2_xyz@imip.me.com', { address: 'ana@example.com', name: 'Ana' }],
    ['ORGANIZER;EMAIL=ana@example.com:invalid:nomail', { address: 'ana@example.com' }],
    ['ORGANIZER;EMAIL=ana@example.com:urn:uuid:1', { address: 'ana@example.com' }],
    ['ORGANIZER;EMAIL=other@example.com:mailto:a@example.com', { address: 'a@example.com' }],
    ['ORGANIZER;CN=Ana:invalid:nomail', { address: '', name: 'Ana' }],
    [
      'ORGANIZER;SENT-BY="mailto:sec@example.com":mailto:a@example.com',
      { address: 'a@example.com', sentBy: 'sec@example.com' },
    ],
    ['ORGANIZER;SENT-BY="mailto:sec@example.com":urn:uuid:1', { address: '', sentBy: 'sec@example.com' }],
  ])('%s', (line, expected) => {
    expect(organizerOf(line)).toEqual(expected)
  })

  it('repeated: the first wins', () => {
    const calendar = onlyCalendar(
      calendarText(...veventLines('ORGANIZER:mailto:a@example.com', 'ORGANIZER:mailto:b@example.com')),
    )
    expect(veventOf(calendar).organizer?.address).toBe('a@example.com')
    expect(calendar.warnings).toContain('repeated_property')
  })
})

describe('an ATTENDEE', () => {
  it('has what an answer needs', () => {
    const line =
      'ATTENDEE;CUTYPE=individual;ROLE=REQ-PARTICIPANT;PARTSTAT=delegated;DELEGATED-TO="mailto:x@example.com","mailto:y@example.com";DELEGATED-FROM="mailto:z@example.com":mailto:a@example.com'
    expect(onlyVevent(line).attendees).toEqual([
      {
        address: 'a@example.com',
        cutype: 'INDIVIDUAL',
        role: 'REQ-PARTICIPANT',
        partstat: 'DELEGATED',
        delegatedTo: ['x@example.com', 'y@example.com'],
        delegatedFrom: ['z@example.com'],
      },
    ])
  })

  it('with a PARTSTAT nobody knows needs action', () => {
    expect(onlyVevent('ATTENDEE;PARTSTAT=X-MAYBE:mailto:a@example.com').attendees[0]?.partstat).toBe('NEEDS-ACTION')
    expect(onlyVevent('ATTENDEE:mailto:a@example.com').attendees[0]?.partstat).toBeUndefined()
  })

  it('beyond the cap is only counted', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `ATTENDEE:mailto:a${index}@example.com`)
    const calendar = onlyCalendar(calendarText(...veventLines(...lines)))
    expect(veventOf(calendar)).toMatchObject({ attendeeCount: 10_000 })
    expect(veventOf(calendar).attendees).toHaveLength(ATTENDEES_KEPT)
    expect(calendar.warnings).toContain('attendees_capped')
  })
})
