import ICAL from 'ical.js'
import { expect, it } from 'vitest'
import { madrid } from './revision.fixture.ts'
import { writeReply } from './write-reply.ts'

const reply = {
  uid: '040000008200E00074C5B7101A82E008@example.com',
  organizer: { address: 'ana@example.com', name: 'Ana Diaz' },
  attendee: { address: 'create@events.example.com' },
  partstat: 'ACCEPTED',
  sequence: 4,
  dtstamp: '2026-02-20T09:15:00Z',
} as const

it('answers the client own UID to its own ORGANIZER, with the one ATTENDEE and its PARTSTAT', () => {
  const text = writeReply({
    ...reply,
    summary: 'Spring; launch',
    dtstart: madrid('2026-03-03T10:00:00', '2026-03-03T09:00:00Z'),
  })
  expect(text.replaceAll('\r\n ', '').split('\r\n')).toEqual([
    'BEGIN:VCALENDAR',
    'PRODID:-//Convoke//Convoke 1.0//EN',
    'VERSION:2.0',
    'CALSCALE:GREGORIAN',
    'METHOD:REPLY',
    'BEGIN:VEVENT',
    'DTSTART:20260303T090000Z',
    'DTSTAMP:20260220T091500Z',
    'ORGANIZER;CN="Ana Diaz":mailto:ana@example.com',
    `UID:${reply.uid}`,
    'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:create@events.example.com',
    'SEQUENCE:4',
    'SUMMARY:Spring\\; launch',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ])
})

it('names an instance by RECURRENCE-ID in UTC, so that it needs no VTIMEZONE', () => {
  const text = writeReply({
    ...reply,
    partstat: 'DECLINED',
    recurrenceId: madrid('2026-03-31T10:00:00', '2026-03-31T08:00:00Z'),
  })
  const vevent = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent')
  expect(String(vevent?.getFirstPropertyValue('recurrence-id'))).toBe('2026-03-31T08:00:00Z')
  expect(vevent?.getFirstProperty('attendee')?.getFirstParameter('partstat')).toBe('DECLINED')
  expect(text).not.toContain('VTIMEZONE')
})

it('lets no value of the client end its line', () => {
  const text = writeReply({
    ...reply,
    uid: 'a\r\nATTENDEE:mailto:eve@example.org',
    organizer: { address: 'a\r\nX:y@example.com', name: 'A"\r\nX:"' },
  })
  expect(text.split('\r\n').filter((line) => /^(?:X|ATTENDEE:)/.test(line))).toEqual([])
})
