import { randomUUID } from 'node:crypto'
import type { Partstat, Vevent } from '#shared/icalendar/model.ts'
import { instantFromMs, toInstantMs } from '#shared/icalendar/times.ts'
import { writeReply } from '#shared/icalendar/write/write-reply.ts'
import { composeNotice } from '#shared/imip/compose/compose-notice.ts'
import { disassembleMail } from '#shared/imip/read/disassemble-mail.ts'
import { CliFailure } from './cli-failure.ts'
import type { TenantCommand } from './command.ts'
import { deliver } from './deliver.ts'
import { outcomeText, waitForOutcomes } from './mail-outcomes.ts'
import type { Product } from './product.ts'

const answers: Readonly<Record<string, Partstat>> = { yes: 'ACCEPTED', no: 'DECLINED', maybe: 'TENTATIVE' }

/** `mail answer ADDRESS yes`: answers the newest invite in the outbox as that attendee's calendar would. */
export const mailAnswer: TenantCommand = {
  noun: 'mail',
  verb: 'answer',
  summary: 'Answer the newest invite to somebody, as his calendar would: yes, no or maybe',
  positionals: ['ADDRESS', 'yes|no|maybe'],
  options: {},
  async run(product, { positionals: [address = '', word = ''] }) {
    const partstat = answers[word]
    if (partstat === undefined) throw CliFailure.usage('the answer is yes, no or maybe')
    return say(product, address, (vevent) => ({ partstat, dtstart: vevent.dtstart }))
  },
}

/** `mail propose ADDRESS 2027-03-06T15:00:00Z`: proposes another start, and keeps the length. */
export const mailPropose: TenantCommand = {
  noun: 'mail',
  verb: 'propose',
  summary: 'Propose another time for the newest invite to somebody, as his calendar would',
  positionals: ['ADDRESS', 'START'],
  options: {},
  async run(product, { positionals: [address = '', start = ''] }) {
    const startMs = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z$/.test(start) ? Date.parse(start) : Number.NaN
    if (Number.isNaN(startMs)) throw CliFailure.usage('the start is an instant, as 2027-03-06T15:00:00Z')
    return say(product, address, ({ dtstart, dtend }) => ({
      method: 'COUNTER',
      partstat: 'TENTATIVE',
      dtstart: { kind: 'utc', instant: instantFromMs(startMs) },
      dtend: { kind: 'utc', instant: instantFromMs(startMs + toInstantMs(dtend) - toInstantMs(dtstart)) },
    }))
  },
}

type Said = Pick<Parameters<typeof writeReply>[0], 'method' | 'partstat' | 'dtstart' | 'dtend'>

/** Mails what an attendee's calendar says to his newest invite, and waits for what becomes of it. */
async function say(product: Product, address: string, saidOf: (vevent: Vevent) => Said) {
  const raw = await product.page(`/outbox/latest.eml?to=${encodeURIComponent(address)}`)
  if (raw === undefined) throw CliFailure.refused(`The outbox holds no mail to ${address}.`)
  const invite = (await disassembleMail(raw)).calendars.find((found) => found.calendar.method === 'REQUEST')
  const vevent = invite?.calendar.vevents[0]
  if (vevent === undefined) throw CliFailure.refused(`The newest mail to ${address} is no invite.`)
  const { organizer, attendee } = partiesOf(vevent, address)
  const response = await deliver(product.smtp, replyMail(vevent, saidOf(vevent)), attendee.address, [organizer.address])
  const mailId = /mail_[a-z0-9]{26}/.exec(response)?.[0]
  const received = mailId === undefined ? [] : await waitForOutcomes(product, mailId)
  return { text: [response, ...received.map(outcomeText)].join('\n'), json: { response, received } }
}

function partiesOf(vevent: Vevent, address: string) {
  const [attendee] = vevent.attendees
  if (vevent.organizer === undefined || attendee === undefined)
    throw CliFailure.refused(`The newest mail to ${address} names nobody to answer.`)
  return { organizer: vevent.organizer, attendee }
}

function replyMail(vevent: Vevent, said: Said): Buffer {
  const { organizer, attendee } = partiesOf(vevent, '')
  const { method = 'REPLY', partstat } = said
  const now = Date.now()
  const body = writeReply({
    uid: vevent.uid,
    organizer,
    attendee,
    ...said,
    sequence: vevent.sequence,
    dtstamp: instantFromMs(now - (now % 1000)),
    summary: vevent.summary,
  })
  const words = method === 'COUNTER' ? 'New time proposed' : `${partstat.slice(0, 1)}${partstat.slice(1).toLowerCase()}`
  return composeNotice({
    from: attendee,
    to: organizer,
    subject: `${words}: ${vevent.summary}`,
    text: `${attendee.name ?? attendee.address}: ${words.toLowerCase()}`,
    html: '<p>Answered from a calendar.</p>',
    calendar: { method, body },
    autoSubmitted: 'auto-generated',
    messageId: `${randomUUID()}@calendar.example`,
    date: now,
  })
}
