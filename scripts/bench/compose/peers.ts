import ICAL from 'ical.js'
import ical, {
  ICalAttendeeRole,
  ICalAttendeeStatus,
  ICalAttendeeType,
  ICalCalendarMethod,
  ICalEventBusyStatus,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { InviteRecipient, InviteRevision } from '#shared/imip/invite-revision.ts'

/** Builds one personal mail; `index` is the recipient's place in the list. */
export type Build = (recipient: InviteRecipient, index: number) => Buffer | Promise<Buffer>

/** nodemailer with the calendar of ical-generator: how most Node programs send an invitation. */
export function nodemailerIcalGenerator(revision: InviteRevision): Build {
  return (recipient) => composed(revision, recipient, generated(revision, recipient))
}

/** nodemailer with the calendar of ical.js. */
export function nodemailerIcalJs(revision: InviteRevision): Build {
  return (recipient) => composed(revision, recipient, serialised(revision, recipient))
}

/** The tree of the recipe, as nodemailer makes it for `icalEvent`. */
function composed(revision: InviteRevision, recipient: InviteRecipient, calendar: string): Promise<Buffer> {
  const mail = new MailComposer({
    from: { name: revision.organizerName, address: recipient.replyAddress },
    to: { name: recipient.name ?? '', address: recipient.address },
    subject: revision.subject,
    messageId: `<${recipient.messageId}>`,
    date: revision.dtstamp,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Convoke-Send-Id': recipient.sendId },
    text: revision.text,
    html: revision.html,
    textEncoding: 'quoted-printable',
    icalEvent: { method: revision.method, filename: 'invite.ics', content: calendar },
    newline: 'windows',
  })
  return mail.compile().build()
}

function generated(revision: InviteRevision, recipient: InviteRecipient): string {
  const vevent = masterOf(revision)
  const calendar = ical({
    prodId: '-//Convoke//Convoke 1.0//EN',
    scale: 'GREGORIAN',
    method: ICalCalendarMethod.REQUEST,
  })
  const event = calendar.createEvent({
    id: revision.uid,
    start: vevent.start,
    end: vevent.end,
    stamp: new Date(revision.dtstamp),
    sequence: revision.sequence,
    summary: vevent.summary,
    location: vevent.location,
    description: vevent.description,
    url: vevent.url,
    status: ICalEventStatus.CONFIRMED,
    transparency: ICalEventTransparency.OPAQUE,
    busystatus: ICalEventBusyStatus.BUSY,
    organizer: { name: revision.organizerName, email: recipient.replyAddress },
    x: [['X-MICROSOFT-CDO-APPT-SEQUENCE', String(revision.sequence)]],
  })
  event.createAttendee({
    name: recipient.name ?? '',
    email: recipient.address,
    rsvp: true,
    role: ICalAttendeeRole.REQ,
    type: ICalAttendeeType.INDIVIDUAL,
    status: ICalAttendeeStatus.NEEDSACTION,
  })
  return calendar.toString()
}

function serialised(revision: InviteRevision, recipient: InviteRecipient): string {
  const { start, end, ...content } = masterOf(revision)
  const calendar = new ICAL.Component('vcalendar')
  calendar.addPropertyWithValue('prodid', '-//Convoke//Convoke 1.0//EN')
  calendar.addPropertyWithValue('version', '2.0')
  calendar.addPropertyWithValue('calscale', 'GREGORIAN')
  calendar.addPropertyWithValue('method', revision.method)
  const vevent = new ICAL.Component('vevent')
  calendar.addSubcomponent(vevent)
  vevent.addPropertyWithValue('dtstart', ICAL.Time.fromJSDate(start, true))
  vevent.addPropertyWithValue('dtend', ICAL.Time.fromJSDate(end, true))
  vevent.addPropertyWithValue('dtstamp', ICAL.Time.fromJSDate(new Date(revision.dtstamp), true))
  const organizer = vevent.addPropertyWithValue('organizer', `mailto:${recipient.replyAddress}`)
  organizer.setParameter('cn', revision.organizerName)
  vevent.addPropertyWithValue('uid', revision.uid)
  const attendee = vevent.addPropertyWithValue('attendee', `mailto:${recipient.address}`)
  const parameters = { cutype: 'INDIVIDUAL', role: 'REQ-PARTICIPANT', partstat: recipient.partstat, rsvp: 'TRUE' }
  for (const [name, value] of Object.entries(parameters)) attendee.setParameter(name, value)
  attendee.setParameter('cn', recipient.name ?? '')
  vevent.addPropertyWithValue('sequence', revision.sequence)
  vevent.addPropertyWithValue('status', 'CONFIRMED')
  vevent.addPropertyWithValue('transp', 'OPAQUE')
  for (const [name, value] of Object.entries(content)) vevent.addPropertyWithValue(name, value)
  vevent.addPropertyWithValue('x-microsoft-cdo-appt-sequence', String(revision.sequence))
  vevent.addPropertyWithValue('x-microsoft-cdo-busystatus', 'BUSY')
  return calendar.toString()
}

function masterOf({ series: { master } }: InviteRevision) {
  if (master?.dtstart.kind !== 'utc' || master.dtend.kind !== 'utc')
    throw new Error('the peers build a single timed event')
  return {
    start: new Date(master.dtstart.instant),
    end: new Date(master.dtend.instant),
    summary: master.summary,
    location: master.location ?? '',
    description: master.description ?? '',
    url: master.url ?? '',
  }
}
