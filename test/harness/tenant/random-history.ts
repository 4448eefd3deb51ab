import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { closeDays } from '#tenant-stack/core/counters/roll-up.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { organizerMail } from '../../fixtures/organizer-mails.ts'
import { replyShapes } from '../../fixtures/reply-mails.ts'
import type { SeededRandom } from '../platform/seeded-random.ts'
import { mailsOf } from './life-of-an-event.ts'
import type { Act, Scene } from './story.ts'

export const organizers = ['ana.diaz@example.com', 'omar.haddad@example.com'] as const
const guests = ['bob@example.org', 'carl@example.org', 'dora@example.org']
const states = ['Delivery', 'Bounce', 'Complaint', 'DeliveryDelay', 'Reject']
const partstats = ['ACCEPTED', 'DECLINED', 'TENTATIVE'] as const

/** What may happen to two organizers' meetings in some days: in an order, and as often, as the seed has it. */
export function randomHistory(random: SeededRandom, length: number): readonly Act[] {
  const meetings = organizers.flatMap((from) => [0, 1].map((nth) => meetingOf(from, nth)))
  const pick = <T>(values: readonly T[]): T => {
    const picked = values[random.below(values.length)]
    if (picked === undefined) throw new Error('there is nothing to pick from')
    return picked
  }
  const kinds: readonly (() => Act)[] = [
    () => invite(pick(meetings), pick(guests), pick(['api', 'page'] as const)),
    () => invite(pick(meetings), pick(guests), pick(['api', 'page'] as const)),
    () => reply(pick(partstats), random.next()),
    () => reply(pick(partstats), random.next()),
    () => pick(meetings).said(random.below(2) === 0),
    () => feed(pick(states), random.next()),
    () => feed(pick(states), random.next()),
    () =>
      async (_ctx, { platform }) =>
        platform.clock.advance(26 * 3600),
    () => async (ctx) => closeDays(ctx),
    () => async (ctx) => void (await suppress(ctx, { address: pick(guests), reason: 'manual', source: 'api' })),
    () => pick(meetings).cancelled(),
  ]
  return [...meetings.map((meeting) => meeting.said(false)), ...Array.from({ length }, () => pick(kinds)())]
}

type Meeting = ReturnType<typeof meetingOf>

/** A meeting as its organizer speaks of it: each mail with a higher SEQUENCE, some with another time. */
function meetingOf(from: string, nth: number) {
  const uid = `meeting-${nth}.${from}`
  let sequence = -1
  let day = 1
  const mail = (method: string): Act => {
    sequence += 1
    const time = `DTSTART:202703${String(day).padStart(2, '0')}T090000Z`
    const raw = organizerMail({ uid, from, method, lines: [`SEQUENCE:${sequence}`, time, `LOCATION:Room ${sequence}`] })
      .replace('DTSTAMP:20261123T090000Z', `DTSTAMP:20261123T09${String(sequence).padStart(2, '0')}00Z`)
      .replace(`Message-ID: <${uid}>`, `Message-ID: <${sequence}.${uid}>`)
    return (ctx) => receive(ctx, raw, 'create@events.example.net', from)
  }
  return {
    uid,
    said(isMoved: boolean): Act {
      if (isMoved && day < 28) day += 1
      return mail('REQUEST')
    },
    cancelled: () => mail('CANCEL'),
  }
}

function invite({ uid }: Meeting, address: string, channel: 'api' | 'page'): Act {
  return async (ctx) => {
    const { events } = await listEvents(ctx, { limit: 50 })
    const calendarEvent = events.find((one) => one.clientUid === uid && one.status === 'confirmed')
    if (calendarEvent !== undefined) await inviteAttendee(ctx, { eventId: calendarEvent.eventId, address, channel })
  }
}

/** Somebody answers one of the invites that were mailed so far, perhaps an old one. */
function reply(partstat: (typeof partstats)[number], which: number): Act {
  return async (ctx, { platform }) => {
    const invites = (await mailsOf(platform)).flatMap(({ to, calendar }) => {
      const replyAddress = /ORGANIZER[^\r\n]*mailto:(r-[^\r\n]+)/.exec(calendar)?.[1]
      const uid = /^UID:(.+)$/m.exec(calendar)?.[1]?.trim()
      const sequence = Number(/^SEQUENCE:(\d+)/m.exec(calendar)?.[1])
      return replyAddress === undefined || uid === undefined ? [] : [{ to, replyAddress, uid, sequence }]
    })
    const invited = invites[Math.floor(which * invites.length)]
    if (invited === undefined) return
    const minutes = String(Math.floor(which * 600_000) % 60).padStart(2, '0')
    const { to: attendee, ...facts } = invited
    const raw = replyShapes.bare({
      ...facts,
      attendee,
      partstat,
      dtstamp: `20261123T12${minutes}00Z`,
      start: '20270301T090000Z',
      end: '20270301T100000Z',
    })
    await receive(ctx, raw, invited.replyAddress, attendee)
  }
}

/** The event feed tells something of one of the mails, perhaps not for the first time. */
function feed(eventType: string, which: number): Act {
  return async (ctx, { platform }: Scene) => {
    const { mails } = await platform.outbox.list({ limit: 100 })
    const sendId = mails[Math.floor(which * mails.length)]?.sendId
    if (sendId === undefined) return
    const told = {
      Bounce: { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } },
      Complaint: { complaint: { complaintFeedbackType: 'not-spam' } },
    }
    const mail = { messageId: 'm-1', timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } }
    const more = Object.entries(told).find(([name]) => name === eventType)?.[1]
    await pipelineHandlers.feedback(ctx, JSON.stringify({ eventType, mail, ...more }))
  }
}

async function receive(ctx: Ctx, raw: string, to: string, from: string): Promise<void> {
  const origin = { remoteAddress: '203.0.113.7', helo: 'x' }
  await acceptMail(ctx, {
    raw: Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n')),
    envelopeFrom: from,
    recipients: [to],
    origin,
  })
}
