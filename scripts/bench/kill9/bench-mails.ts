/** An event as its organizer's calendar client knows it. */
export type ClientEvent = {
  readonly number: number
  readonly uid: string
  readonly title: string
  readonly organizer: string
}

export const domainName = 'demo.localhost'
export const createAddress = `create@${domainName}`

export function clientEvent(number: number): ClientEvent {
  return {
    number,
    uid: `bench-${number}@calendar.example.com`,
    title: `Bench event ${number}`,
    organizer: `organizer${number % 7}@example.com`,
  }
}

/** The organizer's invite to create@: revision 0 creates, a later one moves the event by a day each. */
export function inviteMail(event: ClientEvent, sequence: number): string {
  const day = String(1 + sequence).padStart(2, '0')
  return mailWith({
    from: event.organizer,
    to: createAddress,
    subject: event.title,
    messageId: `<bench-${event.number}-${sequence}@calendar.example.com>`,
    method: 'REQUEST',
    lines: [
      `UID:${event.uid}`,
      `SEQUENCE:${sequence}`,
      `DTSTAMP:20261101T10000${sequence % 10}Z`,
      `DTSTART:203003${day}T090000Z`,
      `DTEND:203003${day}T100000Z`,
      `SUMMARY:${event.title}`,
      `ORGANIZER:mailto:${event.organizer}`,
      `ATTENDEE;RSVP=TRUE:mailto:${createAddress}`,
    ],
  })
}

/** An attendee's yes, as calendars send it to the reply address that was the ORGANIZER of his copy. */
export function replyMail(reply: {
  readonly attendee: string
  readonly replyAddress: string
  readonly uid: string
  readonly sequence: number
  readonly number: string
}): string {
  return mailWith({
    from: reply.attendee,
    to: reply.replyAddress,
    subject: 'Accepted',
    messageId: `<bench-reply-${reply.number}@calendar.example.org>`,
    method: 'REPLY',
    lines: [
      `UID:${reply.uid}`,
      `SEQUENCE:${reply.sequence}`,
      'DTSTAMP:20261101T120000Z',
      'DTSTART:20300301T090000Z',
      `ORGANIZER:mailto:${reply.replyAddress}`,
      `ATTENDEE;PARTSTAT=ACCEPTED:mailto:${reply.attendee}`,
    ],
  })
}

function mailWith(mail: {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly messageId: string
  readonly method: string
  readonly lines: readonly string[]
}): string {
  return [
    `From: ${mail.from}`,
    `To: ${mail.to}`,
    `Subject: ${mail.subject}`,
    `Message-ID: ${mail.messageId}`,
    'Date: Sun, 01 Nov 2026 12:00:00 +0000',
    'MIME-Version: 1.0',
    `Content-Type: text/calendar; charset=utf-8; method=${mail.method}`,
    '',
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Example//Bench//EN',
    `METHOD:${mail.method}`,
    'BEGIN:VEVENT',
    ...mail.lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}
