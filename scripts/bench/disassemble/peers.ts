import ICAL from 'ical.js'
import { type ParsedMail, simpleParser } from 'mailparser'
import type { InvitationFacts } from './facts.ts'

/** mailparser as its manual shows it, with its defaults. */
export function takeBySimpleParser(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw)
}

/** The same, and the event of its calendar part by ical.js: how most Node programs read an invitation. */
export async function takeByBoth(raw: Buffer): Promise<{ mail: ParsedMail; method: string; event: ICAL.Event }> {
  const mail = await simpleParser(raw)
  const part = mail.attachments.find(({ contentType }) => contentType === 'text/calendar')
  if (part === undefined) throw new Error('mailparser found no calendar')
  const calendar = ICAL.Component.fromString(part.content.toString('utf8'))
  for (const vtimezone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(vtimezone)
  const vevent = calendar.getFirstSubcomponent('vevent')
  if (vevent === null) throw new Error('ical.js found no event')
  return { mail, method: String(calendar.getFirstPropertyValue('method')), event: new ICAL.Event(vevent) }
}

export async function factsOfPeer(raw: Buffer): Promise<InvitationFacts> {
  const { mail, method, event } = await takeByBoth(raw)
  return {
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    from: mail.from?.value[0]?.address ?? '',
    text: mail.text?.trim() ?? '',
    method,
    uid: event.uid,
    sequence: event.sequence,
    dtstamp: String(event.component.getFirstPropertyValue('dtstamp')),
    start: instantOf(event.startDate),
    end: instantOf(event.endDate),
    summary: event.summary,
    location: event.location,
    organizer: addressOf(event.organizer),
    attendees: event.attendees.map((attendee) => ({
      address: addressOf(String(attendee.getFirstValue())),
      partstat: String(attendee.getFirstParameter('partstat')),
    })),
  }
}

function instantOf(time: ICAL.Time): string {
  return time.toJSDate().toISOString().replace('.000Z', 'Z')
}

function addressOf(value: string): string {
  return value.replace(/^mailto:/i, '')
}
