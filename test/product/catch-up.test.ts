import { afterEach, describe, expect, it } from 'vitest'
import { type Mailer, MailerFailure } from '#shared/platform/mailer.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { cancelList, confirmList, uploadList } from '#tenant-stack/core/recipient-list/move-list.ts'
import { listChunkId } from '#tenant-stack/core/recipient-list/recipient-list.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sendChunk } from '#tenant-stack/pipelines/send/send-chunk.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'
const carl = 'carl@example.org'
const eve = 'eve@example.org'
const uid = 'talk@example.com'

let tenant: TestTenant
afterEach(() => tenant.close())

/** A tenant with one event, whose mailer does to each address what is said of it, until that is taken back, and can tell of the sends that are `known`. */
async function open(doing: Map<string, 'throttle' | 'ambiguous'>, known: ReadonlySet<string> = new Set()) {
  const adjust = (mailer: Mailer): Mailer => ({
    async send(mail) {
      const does = doing.get(mail.envelopeTo)
      if (does === 'throttle') throw MailerFailure.throttled('later, please')
      const sent = await mailer.send(mail)
      if (does === 'ambiguous') throw MailerFailure.ambiguous('the line broke')
      return sent
    },
    lookup: async (sendId) => (known.has(sendId) ? { fate: 'accepted', mailerMessageId: 'm' } : { fate: 'unknown' }),
  })
  tenant = await createTestTenant({ audience: 'everyone', adjust: (ctx) => ({ ...ctx, mailer: adjust(ctx.mailer) }) })
  const { eventIds } = await tenant.receive(organizerMail({ uid }), { from: ana })
  return eventIds[0] ?? ''
}

const cancel = () =>
  tenant.receive(organizerMail({ uid, method: 'CANCEL', lines: ['SEQUENCE:1', ...at(10)] }), { from: ana })
const move = () => tenant.receive(organizerMail({ uid, lines: ['SEQUENCE:1', ...at(15)] }), { from: ana })
const at = (hour: number) => [`DTSTART:20270305T${hour}0000Z`, `DTEND:20270305T${hour + 1}0000Z`]

async function later(seconds: number) {
  tenant.platform.clock.advance(seconds)
  await sweepHandlers.unfinished(tenant.ctx)
  await tenant.drain()
}

async function mailsTo(address: string) {
  const mails = (await tenant.sent()).filter(({ to }) => to === address)
  return mails.map(({ raw }) => /^Content-Type: .*method=(\w+)/im.exec(Buffer.from(raw).toString('latin1'))?.[1])
}

describe('a chunk that was half sent when its event moved on', () => {
  async function halfSent(doing: Map<string, 'throttle' | 'ambiguous'>) {
    doing.set(carl, 'throttle')
    const eventId = await open(doing)
    const { listId } = await uploadList(tenant.ctx, { eventId, bytes: Buffer.from(`email\n${bob}\n${carl}\n`) })
    await tenant.drain()
    await confirmList(tenant.ctx, listId)
    await tenant.drain()
    expect([await mailsTo(bob), await mailsTo(carl)]).toEqual([['REQUEST'], []])
    return { eventId, listId, originId: listChunkId(listId, 0) }
  }

  it('carries the cancel to whom it was sent, and tells nothing to whom it was not', async () => {
    const doing = new Map<string, 'throttle' | 'ambiguous'>()
    await halfSent(doing)
    await cancel()
    doing.clear()
    for (let again = 0; again < 4; again += 1) await later(400)
    expect([await mailsTo(bob), await mailsTo(carl)]).toEqual([['REQUEST', 'CANCEL'], []])
  })

  it('invites nobody of a list that was cancelled', async () => {
    const doing = new Map<string, 'throttle' | 'ambiguous'>()
    const { listId } = await halfSent(doing)
    await cancelList(tenant.ctx, listId)
    await move()
    doing.clear()
    for (let again = 0; again < 4; again += 1) await later(400)
    expect([await mailsTo(bob), await mailsTo(carl)]).toEqual([['REQUEST', 'REQUEST'], []])
  })

  it('sends the newer state once to whom its own chunk had not reached yet', async () => {
    const doing = new Map<string, 'throttle' | 'ambiguous'>()
    await halfSent(doing)
    await move()
    await later(400)
    doing.clear()
    for (let again = 0; again < 6; again += 1) await later(1000)
    expect([await mailsTo(bob), await mailsTo(carl)]).toEqual([['REQUEST', 'REQUEST'], ['REQUEST']])
  })

  it('leaves who answers meanwhile to one mail, whichever of the two that are due for him is looked at first', async () => {
    const doing = new Map<string, 'throttle' | 'ambiguous'>()
    const { eventId, originId } = await halfSent(doing)
    await move()
    // The chunk tries Carl again, and has Bob caught up.
    await later(31)
    const invite = (await tenant.sent()).find(({ to }) => to === bob)?.raw ?? new Uint8Array()
    const replyAddress = /^From: .*<([^>]+)>/m.exec(Buffer.from(invite).toString('latin1'))?.[1] ?? ''
    const answer = replyShapes.bare({
      uid: `${eventId}@events.example.net`,
      replyAddress,
      attendee: bob,
      partstat: 'ACCEPTED',
      sequence: 0,
      dtstamp: '20261123T120000Z',
      start: '20270305T090000Z',
      end: '20270305T100000Z',
    })
    await tenant.receive(answer, { to: replyAddress, from: bob })
    const ofAnswer = `chk_${invitationIdOf(tenant.ctx, eventId, bob)}-late-1`
    for (const chunkId of [`${originId}-after-1`, originId, ofAnswer]) await sendChunk(tenant.ctx, { chunkId })
    for (let again = 0; again < 4; again += 1) await later(31)
    expect(await mailsTo(bob)).toEqual(['REQUEST', 'REQUEST'])
    doing.clear()
    for (let again = 0; again < 6; again += 1) await later(1000)
    expect([await mailsTo(bob), await mailsTo(carl)]).toEqual([['REQUEST', 'REQUEST'], ['REQUEST']])
  })
})

it('brings the change to whom another chunk’s catch-up took for not invited, once it is known that he was', async () => {
  const doing = new Map<string, 'throttle' | 'ambiguous'>([[bob, 'ambiguous']])
  const known = new Set<string>()
  const eventId = await open(doing, known)
  for (const address of [bob, carl, eve]) await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
  await tenant.drain()
  doing.set(carl, 'throttle')
  // Eve is told of it, Carl not yet, when the event moves again: her chunk, which names Bob too, is followed by one for the newer state.
  await move()
  await tenant.receive(organizerMail({ uid, lines: ['SEQUENCE:2', ...at(16)] }), { from: ana })
  doing.clear()
  for (let again = 0; again < 6; again += 1) await later(61)
  expect([await mailsTo(bob), (await mailsTo(eve)).length]).toEqual([['REQUEST'], 3])
  known.add((await tenant.sent()).find(({ to }) => to === bob)?.sendId ?? '')
  for (let again = 0; again < 6; again += 1) await later(400)
  expect(await mailsTo(bob)).toEqual(['REQUEST', 'REQUEST'])
})

describe('a feed that comes later than an ambiguous attempt is waited for', () => {
  const tell = (sendId: string) =>
    pipelineHandlers.feedback(
      tenant.ctx,
      JSON.stringify({
        eventType: 'Delivery',
        mail: { messageId: 'm-1', timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } },
      }),
    )

  it('brings the cancel to who had the invite all along, once, and counts the mail', async () => {
    const doing = new Map<string, 'throttle' | 'ambiguous'>([[bob, 'ambiguous']])
    const eventId = await open(doing)
    await inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' })
    await tenant.drain()
    await cancel()
    doing.clear()
    for (let again = 0; again < 4; again += 1) await later(1000)
    // Nobody could know of it, so he was left in peace.
    expect(await mailsTo(bob)).toEqual(['REQUEST'])
    const sendId = (await tenant.sent()).find(({ to }) => to === bob)?.sendId ?? ''
    for (let again = 0; again < 3; again += 1) await tell(sendId)
    for (let again = 0; again < 3; again += 1) await later(400)
    await tell(sendId)
    await later(400)
    expect(await mailsTo(bob)).toEqual(['REQUEST', 'CANCEL'])
    const invitation = await findInvitation(tenant.ctx, eventId, invitationIdOf(tenant.ctx, eventId, bob))
    expect(invitation).toMatchObject({ sentState: 'sent', completeSequence: 1, deliveryState: 'delivered' })
    expect(await readStatistics(tenant.ctx, eventId)).toMatchObject({ mail: { sent: 2, delivered: 1 } })
  })

  it('leaves an open ledger to its own asking', async () => {
    const eventId = await open(new Map([[bob, 'ambiguous']]))
    await inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' })
    await tenant.drain()
    const sendId = (await tenant.sent()).find(({ to }) => to === bob)?.sendId ?? ''
    await tell(sendId)
    const invitation = await findInvitation(tenant.ctx, eventId, invitationIdOf(tenant.ctx, eventId, bob))
    expect(invitation).toMatchObject({ sentState: 'planned', completeSequence: -1 })
  })
})
