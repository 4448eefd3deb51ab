import { afterAll, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { currentPartstat } from '#tenant-stack/core/invitation/invitation.ts'
import { listInvitations } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { type ReplyFacts, replyShapes } from '#test/fixtures/reply-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { seededQueueFaults } from '#test/harness/platform/queue-faults.ts'
import { createSeededRandom } from '#test/harness/platform/seeded-random.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'
import { memoReader } from '#test/harness/tenant/memo-reader.ts'
import { queueDefinitions } from '#test/harness/tenant/test-tenant.ts'
import { atEffect, createWorker, deadLetters, pump, settle } from '#test/harness/tenant/worker.ts'

const reader = memoReader(createMailReader({ log: createCollectingLog() }))
afterAll(async () => reader.close())

const SEEDS = 40
const guests = ['bob@example.org', 'carl@example.org', 'dora@example.org']

function change(sequence: number, ...lines: string[]): string {
  return organizerMail({ uid: 'votes', lines: [`SEQUENCE:${sequence}`, ...lines] })
    .replace('DTSTAMP:20261123T090000Z', `DTSTAMP:20261123T1${sequence}0000Z`)
    .replace('Message-ID: <votes>', `Message-ID: <${sequence}.votes>`)
}

async function accept(ctx: Ctx, raw: string, to: string, from: string): Promise<void> {
  const origin = { remoteAddress: '203.0.113.7', helo: 'x' }
  await acceptMail(ctx, { raw: Buffer.from(raw), envelopeFrom: from, recipients: [to], origin })
}

/** What a guest says: twice to the first time, once to the second. */
const votes = [
  { partstat: 'ACCEPTED', sequence: 0, dtstamp: '20261123T101000Z' },
  { partstat: 'DECLINED', sequence: 0, dtstamp: '20261123T102000Z' },
  { partstat: 'TENTATIVE', sequence: 1, dtstamp: '20261123T113000Z' },
] as const satisfies readonly Pick<ReplyFacts, 'partstat' | 'sequence' | 'dtstamp'>[]

/** One storm of answers about a meeting that moves; gives the counters, and what the answers stored add up to. */
async function storm(seed: number) {
  const random = createSeededRandom(seed)
  const platform = await createMemoryPlatform({
    queueDefinitions: queueDefinitions(),
    queueFaults: seededQueueFaults(seed, 0.3),
  })
  const steady = await createWorker(platform, reader, { workerId: 'steady' })
  const { ctx } = steady
  const take = (raw: string) => accept(ctx, raw, 'create@events.example.net', 'ana.diaz@example.com')
  await take(change(0, 'DTSTART:20270305T090000Z'))
  await settle(platform, steady)
  const [row] = (await ctx.table.query({ pk: 'events#2026-11', limit: 1 })).items
  const eventId = typeof row?.eventId === 'string' ? row.eventId : ''
  for (const address of guests) await inviteAttendee(ctx, { eventId, address, channel: 'api' })
  await settle(platform, steady)
  const replies = (await mailsOf(platform)).flatMap(({ to: attendee, calendar }) => {
    const replyAddress = /ORGANIZER[^\r\n]*mailto:(r-[^\r\n]+)/.exec(calendar)?.[1]
    if (replyAddress === undefined) return []
    const facts = {
      uid: `${eventId}@events.example.net`,
      replyAddress,
      attendee,
      start: '20270305T090000Z',
      end: '20270305T100000Z',
    }
    return votes.map((vote) => ({ raw: replyShapes.bare({ ...facts, ...vote }), replyAddress, attendee }))
  })
  const acts = [
    () => take(change(1, 'DTSTART:20270306T090000Z')),
    () => take(change(2, 'DTSTART:20270306T090000Z', 'LOCATION:Room 5')),
    ...replies.map(
      ({ raw, replyAddress, attendee }) =>
        () =>
          accept(ctx, raw, replyAddress, attendee),
    ),
  ]
  for (const act of random.shuffle(acts)) await act()
  const workers = ['one', 'two'].map((workerId, index) =>
    createWorker(platform, reader, {
      workerId,
      seed: seed * 10 + index,
      plan: atEffect(1 + random.below(60), random.below(2) === 0 ? 'crash_before' : 'crash_after'),
    }),
  )
  await Promise.all((await Promise.all(workers)).map((worker) => pump(worker).catch(() => undefined)))
  await settle(platform, steady)

  const event = await findEvent(ctx, eventId)
  const { invitations } = await listInvitations(ctx, { eventId, limit: 10 })
  const stored = { accepted: 0, declined: 0, tentative: 0, none: 0 }
  for (const invitation of invitations) {
    const partstat = event === undefined ? 'NEEDS-ACTION' : currentPartstat(invitation, event)
    if (partstat === 'ACCEPTED') stored.accepted += 1
    else if (partstat === 'DECLINED') stored.declined += 1
    else if (partstat === 'TENTATIVE') stored.tentative += 1
    else stored.none += 1
  }
  const { accepted, declined, tentative, none } = (await readStatistics(ctx, eventId)).answers
  const dead = await deadLetters(steady)
  await platform.close()
  return { counted: { accepted, declined, tentative, none }, stored, dead, reset: event?.lastResetSequence }
}

it('counts answers exactly, whatever order they, changes and deaths come in', async () => {
  let tentative = 0
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { counted, stored, dead, reset } = await storm(seed)
    expect({ seed, counted, dead }).toEqual({ seed, counted: stored, dead: 0 })
    // Either change says the new time; after it only the answer to it counts, if it had not come too early to be one.
    expect(reset).toBeGreaterThan(0)
    expect(counted.accepted + counted.declined).toBe(0)
    tentative += counted.tentative
  }
  expect(tentative).toBeGreaterThan(SEEDS)
}, 120_000)
