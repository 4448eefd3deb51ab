import ICAL from 'ical.js'
import PostalMime from 'postal-mime'
import { compileInvite } from '#shared/imip/compose/compile-invite.ts'
import type { InviteRecipient, InviteRevision } from '#shared/imip/invite-revision.ts'
import { sampleRevision } from './sample-invite.ts'

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz0123456789')
const NAME_PARTS = [
  'a',
  'Bo',
  ' ',
  ' ',
  '"',
  '\\',
  '^',
  ',',
  ';',
  ':',
  "'",
  '<',
  '@',
  '=?',
  'é',
  'ß',
  'ñ',
  'שלום',
  '李',
  '🎉',
  '👩‍💻',
  '-',
  '.',
  'x'.repeat(30),
]

/** A small generator of its own, so that every run tries the same attendees. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

export function randomRecipients(count: number): InviteRecipient[] {
  const below = randomNumbers(20_260_303)
  const some = (length: number, from: readonly string[]) =>
    Array.from({ length }, () => from[below(from.length)] ?? '').join('')
  return Array.from({ length: count }, (_, index): InviteRecipient => {
    const token = some(26, LETTERS)
    return {
      address: `${some(1 + below(40), LETTERS)}+${index}@${some(1 + below(20), LETTERS)}x.example.com`,
      name: some(below(24), NAME_PARTS),
      replyAddress: `r-${token}@events.example.com`,
      partstat: 'NEEDS-ACTION',
      sendId: `snd_${token}`,
      messageId: `${token}@events.example.com`,
    }
  })
}

/** How many of the mails two parsers read back as meant: both calendars, every header, every personal value. */
export async function countParsedBack(recipients: readonly InviteRecipient[]): Promise<number> {
  const compiled = compileInvite(sampleRevision)
  let count = 0
  for (const recipient of recipients) {
    const wrong = await whatIsWrong(sampleRevision, recipient, compiled.splice(recipient))
    if (wrong.length === 0) count += 1
  }
  return count
}

/** What a mail fails to say of its recipient; empty when it is right. */
export async function whatIsWrong(
  revision: InviteRevision,
  recipient: InviteRecipient,
  raw: Buffer,
): Promise<string[]> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' })
  const calendars = mail.attachments.map(({ content }) =>
    typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('utf8'),
  )
  const name = spaced(recipient.name ?? '')
  const facts: [string, unknown, unknown][] = [
    ['from', [mail.from?.address, mail.from?.name], [recipient.replyAddress, revision.organizerName]],
    ['to', mail.to?.map((each) => [each.address, spaced(each.name)]), [[recipient.address, name]]],
    ['subject', mail.subject, revision.subject],
    ['messageId', mail.messageId, `<${recipient.messageId}>`],
    ['text', mail.text?.trim(), revision.text.trim()],
    ['html', mail.html?.trim(), revision.html.trim()],
    [
      'parts',
      mail.attachments.map((each) => [each.mimeType, each.filename]),
      [
        ['text/calendar', null],
        ['application/ics', 'invite.ics'],
      ],
    ],
    ['sendId', mail.headers.find((each) => each.key === 'x-convoke-send-id')?.value, recipient.sendId],
    ...calendars.flatMap((calendar) => calendarFacts(calendar, revision, recipient)),
  ]
  return facts
    .filter(([, is, ought]) => JSON.stringify(is) !== JSON.stringify(ought))
    .map(([what, is, ought]) => `${what} ${JSON.stringify(is)} instead of ${JSON.stringify(ought)}`)
}

function calendarFacts(
  calendar: string,
  revision: InviteRevision,
  recipient: InviteRecipient,
): [string, unknown, unknown][] {
  const vcalendar = new ICAL.Component(ICAL.parse(calendar.replace(/\r?\n/g, '\r\n')))
  const vevents = vcalendar.getAllSubcomponents('vevent')
  const { master } = revision.series
  const properties = (vevent: ICAL.Component) =>
    ['uid', 'summary', 'location', 'description', 'url', 'dtstart', 'dtend', 'dtstamp', 'sequence', 'status'].map(
      (each) => String(vevent.getFirstPropertyValue(each)),
    )
  const written = [
    revision.uid,
    master?.summary,
    master?.location,
    master?.description,
    master?.url,
    '2026-03-03T09:00:00Z',
    '2026-03-03T11:00:00Z',
    revision.dtstamp,
    String(revision.sequence),
    'CONFIRMED',
  ]
  const people = (vevent: ICAL.Component, kind: string) =>
    vevent
      .getAllProperties(kind)
      .map((each) => [
        String(each.getFirstValue()).replace(/^mailto:/i, 'mailto:'),
        spaced(String(each.getFirstParameter('cn') ?? '')),
      ])
  return [
    ['method', vcalendar.getFirstPropertyValue('method'), revision.method],
    ['properties', vevents.map(properties), [written]],
    [
      'organizer',
      vevents.map((each) => people(each, 'organizer')),
      [[[`mailto:${recipient.replyAddress}`, revision.organizerName]]],
    ],
    [
      'attendee',
      vevents.map((each) => people(each, 'attendee')),
      [[[`mailto:${recipient.address}`, spaced(asInCalendar(recipient.name ?? ''))]]],
    ],
  ]
}

/** The calendar shows a backslash as its full-width twin; `personal-lines.ts` says why. */
function asInCalendar(name: string): string {
  return name.replaceAll('\\', '\uff3c')
}

/** Parsers fold runs of white space in a display name. */
function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
