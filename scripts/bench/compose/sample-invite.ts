import type { InviteRecipient, InviteRevision } from '#shared/imip/invite-revision.ts'

const PARAGRAPH =
  'We open the new workshop with a morning of short talks, a walk through the rooms, and lunch for everybody – bring a friend.'

const description = Array.from({ length: 11 }, (_, index) => `${index + 1}. ${PARAGRAPH}`).join('\n')

/** One event as organizers send it; a mail of it is 10 to 11 KB, the size the peers were first measured at. */
export const sampleRevision: InviteRevision = {
  method: 'REQUEST',
  uid: 'evt_01jqk3m8z5w2x9c7v4b6n1h0ga@events.example.com',
  sequence: 0,
  dtstamp: '2026-02-20T09:15:00Z',
  domainName: 'events.example.com',
  organizerName: 'Ana Diaz',
  series: {
    uid: 'sample@example.com',
    master: {
      uid: 'sample@example.com',
      sequence: 0,
      hasSequence: true,
      dtstamp: '2026-02-20T09:00:00Z',
      dtstart: { kind: 'utc', instant: '2026-03-03T09:00:00Z' },
      dtend: { kind: 'utc', instant: '2026-03-03T11:00:00Z' },
      isAllDay: false,
      summary: 'Opening of the workshop',
      location: 'Calle Mayor 1, Madrid',
      description,
      url: 'https://go.events.example.com/e/opening',
      status: 'CONFIRMED',
      transp: 'OPAQUE',
      attendees: [],
      attendeeCount: 0,
      contentHash: 'sample',
    },
    overrides: [],
    cancelled: [],
    customZones: [],
  },
  subject: 'Invitation: Opening of the workshop @ Tue 3 Mar 2026 10:00 (CET)',
  text: `Ana Diaz invites you.\n\nOpening of the workshop\nWhen: Tuesday 3 March 2026, 10:00 (CET)\n\n${description}\n`,
  html: [
    '<!doctype html><html><body style="font-family:sans-serif">',
    '<p>Ana Diaz invites you.</p><h1>Opening of the workshop</h1>',
    ...description.split('\n').map((line) => `<p style="margin:8px 0">${line}</p>`),
    '</body></html>',
  ].join('\n'),
}

const FIRST = ['Bob', 'María', 'Chen', 'Fatima', 'Olu', 'Priya', 'Lars', 'Noa', 'Jean-Luc', 'Ines']
const LAST = ['Builder', 'Okafor', 'Larsen', 'Smith', 'Rossi', 'Kumar', 'Haddad', 'Novak', 'Silva', 'Tanaka']
const DOMAINS = ['gmail.example', 'outlook.example', 'mail.example.org', 'firm.example.com']

/** Attendees as lists have them: one name in ten is not ASCII. The same for every contender, and made before the clock runs. */
export function sampleRecipients(count: number): InviteRecipient[] {
  const recipients = Array.from({ length: count }, (_, index): InviteRecipient => {
    const number = String(index).padStart(6, '0')
    return {
      address: `attendee.${index}@${DOMAINS[index % DOMAINS.length]}`,
      name: `${FIRST[index % FIRST.length]} ${LAST[Math.floor(index / 10) % LAST.length]}`,
      replyAddress: `r-abcdefghijklmnopqrst${number}@events.example.com`,
      partstat: 'NEEDS-ACTION',
      sendId: `snd_01jqk3m8z5w2x9c7v4b6${number}`,
      messageId: `snd_01jqk3m8z5w2x9c7v4b6${number}@events.example.com`,
    }
  })
  // Through JSON the strings are as flat as those read from a queue; a rope costs its first reader extra.
  return structuredClone(recipients)
}
