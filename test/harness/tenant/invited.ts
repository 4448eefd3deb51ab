import PostalMime from 'postal-mime'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { type ReplyFacts, type ReplyShape, replyShapes } from '#test/fixtures/reply-mails.ts'
import type { TestTenant } from './test-tenant.ts'

export const ana = 'ana.diaz@example.com'
export const bob = 'bob@example.org'

/** 10:00 to 11:00 in Madrid on some day of March 2027. */
export const onDay = (day: number) => [
  `DTSTART;TZID=Europe/Madrid:202703${String(day).padStart(2, '0')}T100000`,
  `DTEND;TZID=Europe/Madrid:202703${String(day).padStart(2, '0')}T110000`,
]

/** Ana's event of 5 March with one attendee who has his invite, and how the two go on. */
export async function invited(tenant: TestTenant, uid = 'event@example.com', attendee = bob, lines = onDay(5)) {
  const eventId = (await tenant.receive(organizerMail({ uid, lines }), { from: ana })).eventIds[0] ?? ''
  await inviteAttendee(tenant.ctx, { eventId, address: attendee, name: 'Bob', channel: 'api' })
  await tenant.drain()
  const invitationId = invitationIdOf(tenant.ctx, eventId, attendee)
  const mailsTo = async (address: string) =>
    Promise.all((await tenant.sent()).filter(({ to }) => to === address).map(({ raw }) => PostalMime.parse(raw)))
  const replyAddress = (await mailsTo(attendee)).at(-1)?.from?.address ?? ''
  const facts: ReplyFacts = {
    uid: `${eventId}@events.example.net`,
    replyAddress,
    attendee,
    partstat: 'ACCEPTED',
    sequence: 0,
    dtstamp: '20261123T120000Z',
    start: '20270305T090000Z',
    end: '20270305T100000Z',
  }
  return {
    eventId,
    invitationId,
    replyAddress,
    facts,
    mailsTo,
    /** What he sends to his own reply address; most clients' replies fail DMARC (the token is what counts). */
    reply: (shape: ReplyShape, changes: Partial<ReplyFacts> = {}) =>
      tenant.receive(replyShapes[shape]({ ...facts, ...changes }), {
        to: replyAddress,
        from: 'calendar-server.bounces@google.com',
        authentication: { spf: 'FAIL', dkim: 'GRAY', dmarc: 'FAIL', dkimDomains: [] },
      }),
    /** A later mail of hers about the event. */
    changed: (sequence: number, change: { lines?: readonly string[]; method?: string } = {}) =>
      tenant.receive(
        organizerMail({
          uid,
          method: change.method ?? 'REQUEST',
          lines: [...(change.lines ?? lines), `SEQUENCE:${sequence}`],
        }).replace(/^Message-ID: .*$/m, `Message-ID: <${sequence}-${uid}>`),
        { from: ana },
      ),
    answers: async () => (await readStatistics(tenant.ctx, eventId)).answers,
    invitation: () => findInvitation(tenant.ctx, eventId, invitationId),
    history: async () =>
      (await tenant.ctx.table.query({ pk: `event#${eventId}`, sk: { beginsWith: 'ans#' }, limit: 100 })).items,
  }
}
