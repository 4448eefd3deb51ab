import fc from 'fast-check'
import type { CalendarTime, Vevent } from '#shared/icalendar/model.ts'
import type { InviteRecipient, InviteRevision } from '../invite-revision.ts'
import { inviteSlots } from './slots.ts'

function madrid(day: string, hour: number): CalendarTime {
  const local = `${day}T${String(hour).padStart(2, '0')}:00:00`
  return { kind: 'zoned', local, tzid: 'Europe/Madrid', instant: `${day}T${String(hour - 1).padStart(2, '0')}:00:00Z` }
}

function veventOf(change: Partial<Vevent>): Vevent {
  return {
    uid: 'client-uid@example.com',
    sequence: 0,
    hasSequence: true,
    dtstamp: '2026-02-01T00:00:00Z',
    dtstart: madrid('2026-03-03', 10),
    dtend: madrid('2026-03-03', 11),
    isAllDay: false,
    summary: 'Spring launch',
    location: 'Calle Mayor 1, Madrid',
    description: 'Come and see; bring a friend.\nWe start at ten.',
    status: 'CONFIRMED',
    transp: 'OPAQUE',
    attendees: [],
    attendeeCount: 0,
    contentHash: 'x',
    ...change,
  }
}

export function revisionOf(change: Partial<InviteRevision> = {}): InviteRevision {
  return {
    method: 'REQUEST',
    uid: 'evt_01jq@events.example.com',
    sequence: 0,
    dtstamp: '2026-02-20T09:15:00Z',
    domainName: 'events.example.com',
    organizerName: 'Ana Diaz',
    series: { uid: 'client-uid@example.com', master: veventOf({}), overrides: [], cancelled: [], customZones: [] },
    subject: 'Invitation: Spring launch @ Tue 3 Mar 2026 10:00 (CET)',
    text: 'Hello,\n\nyou are invited.\n.\nFrom Ana  \n',
    html: '<p>Hello,</p>\r\n<p style="a=b">you are invited – ¡ven!</p>',
    ...change,
  }
}

const series: InviteRevision['series'] = {
  uid: 'client-uid@example.com',
  master: veventOf({ summary: 'Réunion 会議 🎉', recurrence: { rrules: ['FREQ=WEEKLY'], rdates: [], exdates: [] } }),
  overrides: ['2026-03-10', '2026-03-17'].map((day) =>
    veventOf({
      summary: `Moved ${'x'.repeat(Number(day.slice(-2)))}`,
      recurrenceId: madrid(day, 10),
      recurrenceKey: `${day}T09:00:00Z`,
      dtstart: madrid(day, 12),
      dtend: madrid(day, 13),
    }),
  ),
  cancelled: [],
  customZones: [],
}

/** One of each kind: their personal regions meet every phase of base64, once and several times in a mail. */
export const REVISIONS: Readonly<Record<string, InviteRevision>> = {
  'a single event': revisionOf(),
  'a series with overrides, nothing in ASCII': revisionOf({
    series,
    organizerName: 'Ána "la" Díaz ^ 田中',
    subject: 'Invitación: Réunion 会議 🎉 '.repeat(6),
    text: 'Día '.repeat(60),
  }),
  'a cancel of instances': revisionOf({
    method: 'CANCEL',
    series,
    sequence: 12,
    onlyRecurrenceKeys: ['2026-03-10T09:00:00Z', '2026-04-28T08:00:00Z'],
    organizerName: '',
  }),
  'a text with slots': revisionOf({
    subject: `${inviteSlots.name}, you are invited`,
    text: `Dear ${inviteSlots.name}\n${'x'.repeat(151)}${inviteSlots.address}${'y'.repeat(75)}\nstop: ${inviteSlots.unsubscribeUrl}`,
    html: `<p>Dear ${inviteSlots.name}</p><a href="${inviteSlots.abuseUrl}">${inviteSlots.abuseUrl}</a>`,
  }),
}

export function recipientOf(change: Partial<InviteRecipient> = {}): InviteRecipient {
  return {
    address: 'bob@example.com',
    name: 'Bob',
    replyAddress: 'r-abcdefghijklmnopqrstuvwxyz@events.example.com',
    partstat: 'NEEDS-ACTION',
    sendId: 'snd_01jqabcdefghjkmnpqrstvwxyz',
    messageId: 'snd_01jqabcdefghjkmnpqrstvwxyz@events.example.com',
    ...change,
  }
}

const alphabet = (characters: string) => fc.constantFrom(...characters.split(''))
const atom = (maxLength: number) =>
  fc.string({ unit: alphabet("abcXYZ019!#$%&'*+-/=?^_`{|}~"), minLength: 1, maxLength, size: 'max' })
const label = fc.string({ unit: alphabet('abcxyz019'), minLength: 1, maxLength: 12, size: 'max' })

const local = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: alphabet('abcxyz019'), minLength: 1, maxLength: 20, size: 'max' }) },
  { weight: 2, arbitrary: fc.tuple(atom(20), atom(20)).map((atoms) => atoms.join('.')) },
  { weight: 1, arbitrary: fc.constant('x'.repeat(64)) },
  { weight: 1, arbitrary: fc.constantFrom('a..b', '.a', 'b.', '"quoted local"', String.raw`"a\"b"`) },
)

const domain = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(label, label).map(([first, second]) => `${first}.${second}.example.com`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('münchen.example', '例え.example', 'Mail.Example.ORG', `${'a'.repeat(63)}.example`),
  },
)

const name = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: alphabet('abc XYZ.,-'), maxLength: 70, size: 'max' }) },
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60, size: 'max' }) },
  {
    weight: 2,
    arbitrary: fc.string({
      unit: fc.constantFrom('"', '\\', '^', ',', ';', ':', '<', '@', '=?', ' ', 'é', 'שלום', '👨‍👩‍👧'),
      maxLength: 40,
      size: 'max',
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '=?UTF-8?B?QUJD?=', 'x'.repeat(500), '漢'.repeat(500), 'a b '.repeat(100)),
  },
)

/** CR, LF and NUL are refused, and that is another test's. */
export const anyName = name.map((each) => each.replace(/[\r\n\0]/g, ' ').slice(0, 500))

export const anyRecipient: fc.Arbitrary<InviteRecipient> = fc
  .record({
    address: fc.tuple(local, domain).map((parts) => parts.join('@')),
    name: fc.option(anyName, { nil: undefined }),
    token: fc.string({ unit: alphabet('abcdefghijklmnopqrstuvwxyz234567'), minLength: 1, maxLength: 26, size: 'max' }),
    partstat: fc.constantFrom('NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE', 'DELEGATED'),
    date: fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined }),
    hasLinks: fc.boolean(),
  })
  .map(({ address, name: display, token, partstat, date, hasLinks }) => ({
    ...recipientOf({
      address,
      partstat,
      replyAddress: `r-${token}@events.example.com`,
      sendId: `snd_${token}`,
      messageId: `${token}@events.example.com`,
    }),
    name: display ?? '',
    ...(date === undefined ? {} : { date }),
    ...(hasLinks
      ? {
          links: {
            unsubscribeUrl: `https://go.example.com/u/${token}?a=1&b=2`,
            abuseUrl: `https://go.example.com/a/${token}`,
          },
        }
      : {}),
  }))

/** An attachment's octets as text, in whatever shape the reading parser holds them. */
export function contentText(content: string | ArrayBuffer | Uint8Array = ''): string {
  return typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('utf8')
}
