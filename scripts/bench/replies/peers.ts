import ICAL from 'ical.js'
import { simpleParser } from 'mailparser'
import type { ReplyFacts } from './reply-facts.ts'

/** How most Node programs count an answer: mailparser with its defaults, and the attendee of the calendar part by ical.js. */
export async function takeReplyByBoth(raw: Buffer): Promise<ReplyFacts> {
  const mail = await simpleParser(raw)
  const part = mail.attachments.find(({ contentType }) => contentType === 'text/calendar')
  if (part === undefined) throw new Error('mailparser found no calendar')
  const calendar = ICAL.Component.fromString(part.content.toString('utf8'))
  const vevent = calendar.getFirstSubcomponent('vevent')
  if (vevent === null) throw new Error('ical.js found no event')
  const attendee = vevent.getFirstProperty('attendee')
  if (attendee === null) throw new Error('ical.js found no attendee')
  return {
    messageId: mail.messageId ?? '',
    subject: mail.subject ?? '',
    from: mail.from?.value[0]?.address ?? '',
    text: mail.text?.trim() ?? '',
    method: String(calendar.getFirstPropertyValue('method')),
    uid: String(vevent.getFirstPropertyValue('uid')),
    sequence: Number(vevent.getFirstPropertyValue('sequence') ?? 0),
    dtstamp: String(vevent.getFirstPropertyValue('dtstamp')),
    partstat: String(attendee.getFirstParameter('partstat')),
    answeredBy: String(attendee.getFirstValue()).replace(/^mailto:/i, ''),
    comment: String(vevent.getFirstPropertyValue('comment') ?? ''),
  }
}
