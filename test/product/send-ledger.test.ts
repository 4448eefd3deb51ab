import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { type Mailer, MailerFailure } from '#shared/platform/mailer.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sendChunk } from '#tenant-stack/pipelines/send/send-chunk.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

const opened: TestTenant[] = []
afterEach(async () => {
  for (const tenant of opened.splice(0)) await tenant.close()
})

const request = `From: Ana Diaz <ana@example.com>
To: create@events.example.net
Subject: Talk
Message-ID: <talk@example.com>
MIME-Version: 1.0
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example Corp//Calendar 3//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:talk@example.com
DTSTAMP:20261123T100000Z
DTSTART:20270305T100000Z
DTEND:20270305T110000Z
SUMMARY:Talk
ORGANIZER:mailto:ana@example.com
ATTENDEE:mailto:create@events.example.net
END:VEVENT
END:VCALENDAR
`

type MailerStep = 'take' | 'throttle' | 'reject' | 'ambiguous-taken' | 'ambiguous-lost' | 'die-before' | 'die-after'

class Killed extends Error {}

/** A tenant with one event; mails to Bob go through `steps` in turn, `canLookup` false is a relay that cannot say. */
async function open(steps: readonly MailerStep[], canLookup = true) {
  const left = [...steps]
  const tenant: TestTenant = await createTestTenant({
    reader,
    adjust: (ctx) => ({ ...ctx, mailer: scripted(ctx.mailer, left, canLookup) }),
  })
  opened.push(tenant)
  const { eventIds } = await tenant.receive(request)
  const eventId = eventIds[0] ?? ''
  const { invitation } = await inviteAttendee(tenant.ctx, { eventId, address: 'bob@example.org', channel: 'api' })
  const run = async () => {
    try {
      await tenant.drain()
    } catch (error) {
      if (!(error instanceof Killed)) throw error
    }
  }
  const later = async (seconds: number) => {
    tenant.platform.clock.advance(seconds)
    await sweepHandlers.unfinished(tenant.ctx)
    await run()
  }
  const bobs = async () => (await tenant.sent()).filter((mail) => mail.to === 'bob@example.org').length
  const state = async () => (await findInvitation(tenant.ctx, eventId, invitation.invitationId))?.sentState
  const chunkId = `chk_${invitation.invitationId}-first`
  return { tenant, eventId, run, later, bobs, state, chunkId }
}

function scripted(mailer: Mailer, steps: MailerStep[], canLookup: boolean): Mailer {
  return {
    async send(mail) {
      const step = mail.envelopeTo === 'bob@example.org' ? (steps.shift() ?? 'take') : 'take'
      if (step === 'throttle') throw MailerFailure.throttled('later, please')
      if (step === 'reject') throw MailerFailure.rejected('no such user')
      if (step === 'ambiguous-lost') throw MailerFailure.ambiguous('the line broke')
      if (step === 'die-before') throw new Killed()
      const taken = await mailer.send(mail)
      if (step === 'ambiguous-taken') throw MailerFailure.ambiguous('the line broke')
      if (step === 'die-after') throw new Killed()
      return taken
    },
    lookup: (sendId) => (canLookup ? mailer.lookup(sendId) : Promise.resolve({ fate: 'unknown' })),
  }
}

describe('the send ledger', () => {
  it('sends once, however often its notice comes', async () => {
    const one = await open([])
    await one.run()
    for (let again = 0; again < 5; again += 1)
      expect(await sendChunk(one.tenant.ctx, { chunkId: one.chunkId })).toBe('finished')
    expect(await one.bobs()).toBe(1)
    expect(await readStatistics(one.tenant.ctx, one.eventId)).toMatchObject({
      attendees: 1,
      mail: { sent: 1, failed: 0 },
    })
  })

  it('tries again after a definite "not now"', async () => {
    const one = await open(['throttle', 'throttle'])
    await one.run()
    expect(await one.state()).toBe('planned')
    await one.later(60)
    await one.later(60)
    expect(await one.bobs()).toBe(1)
    expect(await one.state()).toBe('sent')
  })

  it('ends a mail that is refused for good, and counts it', async () => {
    const one = await open(['reject'])
    await one.run()
    await one.later(1000)
    expect(await one.bobs()).toBe(0)
    expect(await one.state()).toBe('failed')
    expect(await readStatistics(one.tenant.ctx, one.eventId)).toMatchObject({ mail: { sent: 0, failed: 1 } })
  })

  for (const step of ['die-before', 'die-after', 'ambiguous-taken', 'ambiguous-lost'] as const)
    it(`asks the mailer after ${step} and ends with exactly one mail`, async () => {
      const one = await open([step])
      await one.run()
      await one.later(1000)
      await one.later(1000)
      expect(await one.bobs()).toBe(1)
      expect(await one.state()).toBe('sent')
      expect(await readStatistics(one.tenant.ctx, one.eventId)).toMatchObject({ mail: { sent: 1 } })
    })

  it('leaves an unknown attempt alone for its time when the mailer cannot say, then sends again', async () => {
    const one = await open(['ambiguous-lost'], false)
    await one.run()
    await one.later(600)
    expect(await one.bobs()).toBe(0)
    await one.later(400)
    await one.later(400)
    expect(await one.bobs()).toBe(1)
  })

  it('doubles at most the one mail that nobody could tell about', async () => {
    const one = await open(['ambiguous-taken'], false)
    await one.run()
    for (let again = 0; again < 6; again += 1) await one.later(1000)
    expect(await one.bobs()).toBe(2)
    expect(await readStatistics(one.tenant.ctx, one.eventId)).toMatchObject({ mail: { sent: 1 } })
  })

  it('lets a twin wait while the lease holds, and take over after it', async () => {
    const one = await open(['die-before'])
    await one.run()
    const twin = { ...one.tenant.ctx, workerId: 'worker-2' }
    expect(await sendChunk(twin, { chunkId: one.chunkId })).toBe('wait')
    one.tenant.platform.clock.advance(31)
    expect(await sendChunk(twin, { chunkId: one.chunkId })).toBe('sent')
    expect(await one.bobs()).toBe(1)
  })

  it('does not wait for the lease of a worker known to be dead', async () => {
    const one = await open(['die-after'])
    await one.run()
    const successor = { ...one.tenant.ctx, workerId: 'worker-2', isWorkerGone: (id: string) => id === 'worker-1' }
    expect(await sendChunk(successor, { chunkId: one.chunkId })).toBe('sent')
    expect(await one.bobs()).toBe(1)
  })

  it('sends nothing to somebody invited just before the cancel', async () => {
    const one = await open([])
    const cancel = request
      .replaceAll('REQUEST', 'CANCEL')
      .replace('<talk@', '<cancel@')
      .replace('DTSTAMP:20261123T10', 'SEQUENCE:1\nDTSTAMP:20261123T11')
    // The cancel is decided before the invite's queue is looked at.
    const { mailId } = await acceptMail(one.tenant.ctx, {
      raw: Buffer.from(cancel.replaceAll('\n', '\r\n')),
      envelopeFrom: 'ana@example.com',
      recipients: [one.tenant.create],
      origin: { remoteAddress: '203.0.113.7', helo: 'x' },
    })
    const inlet = await one.tenant.platform.queues.receive('inlet', { max: 10 })
    for (const message of inlet) await pipelineHandlers.inlet(one.tenant.ctx, message.body)
    await pipelineHandlers.disassemble(one.tenant.ctx, JSON.stringify({ mailId, recipient: one.tenant.create }))
    await one.run()
    expect(await one.bobs()).toBe(0)
  })
})

describe('the rate of the mailer', () => {
  it('keeps what had no turn in the time of its claim, and sends it the next time, once', async () => {
    const turns: string[] = []
    let left = 0
    const tenant = await createTestTenant({
      reader,
      adjust: (ctx) => ({
        ...ctx,
        pace: {
          turn: async ({ kind, wanted }) => {
            turns.push(`${kind} ${wanted}`)
            left -= 1
            return left >= 0
          },
        },
      }),
    })
    opened.push(tenant)
    left = 1
    const { eventIds } = await tenant.receive(request)
    const eventId = eventIds[0] ?? ''
    const { invitation } = await inviteAttendee(tenant.ctx, { eventId, address: 'bob@example.org', channel: 'api' })
    await tenant.drain()
    const bobs = async () => (await tenant.sent()).filter((mail) => mail.to === 'bob@example.org').length
    const state = async () => (await findInvitation(tenant.ctx, eventId, invitation.invitationId))?.sentState
    expect([await bobs(), await state()]).toEqual([0, 'planned'])
    left = 1
    tenant.platform.clock.advance(61)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
    expect([await bobs(), await state()]).toEqual([1, 'sent'])
    expect(new Set(turns)).toEqual(new Set(['single 1']))
  })
})
