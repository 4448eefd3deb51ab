import { describe, expect, it } from 'vitest'
import { parseAttendeeAddress } from './attendee-address.ts'

describe('parseAttendeeAddress', () => {
  for (const [given, kept] of [
    ['bob@example.org', 'bob@example.org'],
    ['  Bob.Ng+x@EXAMPLE.org ', 'Bob.Ng+x@example.org'],
    ["o'brien@example.org", "o'brien@example.org"],
    ['ana@münchen.example', 'ana@xn--mnchen-3ya.example'],
  ] as const)
    it(`takes ${given.trim()}`, () => expect(parseAttendeeAddress(given)).toBe(kept))

  for (const given of [
    '',
    'bob',
    '@example.org',
    'bob@',
    'bob@localhost',
    'bob@@example.org',
    'bob..x@example.org',
    '.bob@example.org',
    'bob@-example.org',
    'bob@example..org',
    'bób@example.org',
    'bob@example.org\nBcc: eve@example.org',
    'bob\u0000@example.org',
    '<bob@example.org>',
    'bob@example.org,eve@example.org',
    'bob@[127.0.0.1]',
    'bob@example.org/path',
    `${'x'.repeat(65)}@example.org`,
    `bob@${'x.'.repeat(127)}org`,
  ])
    it(`refuses ${JSON.stringify(given.slice(0, 40))}`, () =>
      expect(() => parseAttendeeAddress(given)).toThrow(expect.objectContaining({ code: 'invitation.bad_address' })))
})
