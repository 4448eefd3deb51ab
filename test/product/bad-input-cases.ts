import type { Authentication } from '#shared/imip/authentication.ts'
import { calendarWith, eventWith, mailWith, organizerMail } from '#test/fixtures/organizer-mails.ts'

/** A mail whose sender nobody vouches for. */
export const unbelieved: Partial<Authentication> = { spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] }

export type BadMail = {
  readonly name: string
  /** The mail of a sender of its own, so that no case uses up the answers of another. */
  readonly raw: (sender: string) => string | Uint8Array
  readonly to?: string
  readonly authentication?: Partial<Authentication>
  readonly outcome: readonly [kind: string, reason: string, answer: string]
  readonly events?: number
  /** Subjects of what the sender gets. */
  readonly mails?: readonly RegExp[]
}

const failed = [/could not be used/i]
const broken = (reason: string) => ({ outcome: ['ignored', reason, 'failed_mail'], mails: failed }) as const
const silent = (reason: string) => ({ outcome: ['ignored', reason, 'nothing'] }) as const

const plain = (from: string, headers: readonly string[] = []) =>
  mailWith({ uid: `plain-${from}`, from, headers }, 'text/plain; charset=utf-8', 'Let us meet on Friday at ten.')

/** Bad input by name, and what must come of it. */
export const badMails: readonly BadMail[] = [
  { name: 'a mail that is not a calendar', raw: (from) => plain(from), ...broken('not_a_calendar') },
  {
    name: 'a calendar part that holds no calendar',
    raw: (from) => mailWith({ uid: from, from }, 'text/calendar', 'Hello'),
    ...broken('not_a_calendar'),
  },
  {
    name: 'winmail.dat',
    raw: (from) => mailWith({ uid: from, from }, 'application/ms-tnef; name="winmail.dat"', 'x'),
    ...broken('winmail_dat'),
  },
  {
    name: 'a calendar cut on the way',
    raw: (from) => organizerMail({ uid: from, from }).split('END:VEVENT')[0] ?? '',
    ...broken('truncated_calendar'),
  },
  {
    name: 'a METHOD that nobody knows',
    raw: (from) => organizerMail({ uid: from, from, method: 'INVITE' }),
    ...broken('unknown_method'),
  },
  {
    name: 'a hostile recurrence',
    raw: (from) =>
      organizerMail({
        uid: from,
        from,
        lines: ['DTSTART:20270305T100000Z', 'RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30'],
      }),
    ...broken('recurrence_over_budget'),
  },
  {
    name: 'a zone that nobody explains',
    raw: (from) => organizerMail({ uid: from, from, lines: ['DTSTART;TZID=Nowhere Time:20270305T100000'] }),
    ...broken('unknown_zone'),
  },
  {
    name: 'more events than an invitation has',
    raw: (from) =>
      mailWith(
        { uid: from, from },
        'text/calendar',
        calendarWith(
          Array.from({ length: 21 }, (_, index) => eventWith({ uid: `${index}-${from}`, from })),
          'REQUEST',
        ),
      ),
    ...broken('too_many_events'),
  },
  {
    name: 'an unknown mailbox',
    raw: (from) => organizerMail({ uid: from, from }),
    to: 'nobody@events.example.net',
    ...silent('unknown_mailbox'),
  },
  {
    name: 'a reply address that was never minted',
    raw: (from) => organizerMail({ uid: from, from, method: 'REPLY' }),
    to: 'r-00000000000000000000000000@events.example.net',
    ...silent('unknown_mailbox'),
  },
  {
    name: 'a mailbox of another domain',
    raw: (from) => organizerMail({ uid: from, from }),
    to: 'create@example.com',
    ...silent('other_domain'),
  },
  { name: 'a mail without From', raw: (from) => organizerMail({ uid: from, from: '' }), ...silent('no_from') },
  {
    name: 'a mail with several From',
    raw: (from) => organizerMail({ uid: from, from: `Ana <${from}>, Boris <boris@example.org>` }),
    ...silent('several_from'),
  },
  {
    name: 'a mail with two From lines',
    raw: (from) => organizerMail({ uid: from, from, headers: ['From: Boris <boris@example.org>'] }),
    ...silent('several_from'),
  },
  {
    name: 'a mail that says it is from ourselves',
    raw: (from) => organizerMail({ uid: from, from: 'create@events.example.net' }),
    ...silent('own_address'),
  },
  {
    name: 'a mailbox that nobody reads',
    raw: (from) => organizerMail({ uid: from, from: 'no-reply@example.com' }),
    ...silent('nobody_reads'),
  },
  { name: 'an empty mail', raw: () => new Uint8Array(), ...silent('no_from') },
  {
    name: 'bytes that are no mail at all',
    raw: () => Uint8Array.from({ length: 4096 }, (_, index) => (index * 37) % 256),
    ...silent('no_from'),
  },
  {
    name: 'a virus',
    raw: (from) => organizerMail({ uid: from, from }),
    authentication: { virus: 'FAIL' },
    outcome: ['quarantined', 'virus', 'nothing'],
  },
  {
    name: 'spam',
    raw: (from) => organizerMail({ uid: from, from }),
    authentication: { spam: 'FAIL' },
    outcome: ['quarantined', 'spam', 'nothing'],
  },
  {
    name: 'an invitation of a sender who is not proven',
    raw: (from) => organizerMail({ uid: from, from }),
    authentication: unbelieved,
    outcome: ['needs_confirmation', 'sender_not_authenticated', 'confirmation_link'],
    mails: [/^Please confirm/],
  },
  {
    name: 'a plain mail of a sender who is not proven',
    raw: (from) => plain(from),
    authentication: unbelieved,
    ...silent('not_a_calendar'),
  },
  {
    name: 'a calendar without METHOD',
    raw: (from) => organizerMail({ uid: from, from, method: undefined }),
    outcome: ['acted', 'created', 'created_mail'],
    events: 1,
    mails: [/^Created: /],
  },
  {
    name: 'two calendars with different UIDs',
    raw: (from) =>
      mailWith(
        { uid: from, from },
        'text/calendar',
        [1, 2].map((index) => calendarWith([eventWith({ uid: `${index}-${from}`, from })], 'REQUEST')).join('\r\n'),
      ),
    outcome: ['acted', 'created', 'created_mail'],
    events: 2,
    mails: [/^Created: /, /^Created: /],
  },
  {
    name: 'a wrong charset',
    raw: (from) =>
      Buffer.from(
        organizerMail({ uid: from, from, subject: 'Café' }).replace('charset=utf-8', 'charset=x-martian'),
        'latin1',
      ),
    outcome: ['acted', 'created', 'created_mail'],
    events: 1,
    mails: [/^Created: Café$/],
  },
]
