import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { listEvents } from '#tenant-stack/core/calendar-event/list-events.ts'
import { findUidOwner } from '#tenant-stack/core/calendar-event/uid-owners.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { markUnfinished } from '#tenant-stack/core/unfinished.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'
import { believed, createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

/** Topics published so far. */
let published: string[]
let tenant: TestTenant
beforeEach(async () => {
  published = []
  tenant = await createTestTenant({ reader, adjust })
})
afterEach(async () => tenant.close())

/** As it is: a mail without its way in proves nothing. */
function adjust(ctx: Ctx): Ctx {
  return {
    ...ctx,
    topics: {
      publish: async (topicName, body) => {
        published.push(topicName)
        await ctx.topics.publish(topicName, body)
      },
    },
    authenticate: async (_raw, origin) =>
      origin === undefined || origin.helo === 'forwarder'
        ? { ...believed, spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] }
        : { ...believed, envelopeFrom: origin.envelopeFrom },
  }
}

const ana = 'ana.diaz@example.com'

async function accept(raw: string, recipients: readonly string[] = [tenant.create], helo = 'x'): Promise<string> {
  const origin = { remoteAddress: '203.0.113.7', helo }
  const mail = { raw: Buffer.from(raw.replaceAll(/\r?\n/g, '\r\n')), envelopeFrom: ana, recipients, origin }
  return (await acceptMail(tenant.ctx, mail)).mailId
}

async function outcomes(): Promise<readonly string[]> {
  const { deliveries } = await listDeliveries(tenant.ctx, { day: '2026-11-24', limit: 100 })
  return deliveries.map(({ outcome, recipient }) => `${recipient.split('@')[0]}: ${outcome?.reason}`).toSorted()
}

async function later(seconds: number): Promise<void> {
  tenant.platform.clock.advance(seconds)
  await sweepHandlers.unfinished(tenant.ctx)
  await sweepHandlers.inbound(tenant.ctx)
}

/** Bob, invited to an event of each UID; his own reply address and the events' ids. */
async function invited(address: string, uid: string) {
  const { eventIds } = await tenant.receive(organizerMail({ uid }), { from: ana })
  const eventId = eventIds[0] ?? ''
  await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
  await tenant.drain()
  const { calendar } = (await mailsOf(tenant.platform)).findLast(({ to }) => to === address) ?? { calendar: '' }
  return { eventId, replyAddress: /ORGANIZER[^\r\n]*mailto:([^\r\n]+)/.exec(calendar)?.[1] ?? '' }
}

describe('a mail that the sweep finds', () => {
  it('before its own late notice is created all the same, once that comes', async () => {
    await accept(organizerMail({ uid: 'late@example.com' }))
    const [own] = await tenant.platform.queues.receive('inlet', { max: 1 })
    await tenant.platform.queues.delete('inlet', own?.receiptHandle ?? '')
    await later(601)
    await tenant.drain()
    expect(await outcomes()).toEqual(['create: sender_not_authenticated'])
    await pipelineHandlers.inlet(tenant.ctx, own?.body ?? '')
    await tenant.drain()
    expect(await outcomes()).toEqual(['create: created'])
    expect((await mailsOf(tenant.platform)).filter(({ subject }) => subject.startsWith('Created'))).toHaveLength(1)
  })

  it('after its own notice goes to no mailbox that it was not for', async () => {
    await accept(organizerMail({ uid: 'abuse@example.com' }), ['abuse@events.example.net'])
    tenant.platform.clock.advance(601)
    await sweepHandlers.inbound(tenant.ctx)
    await tenant.drain()
    expect(await outcomes()).toEqual(['abuse: kept_for_the_administrator'])
  })

  it('has its row, and none for its mailbox, is routed again', async () => {
    await accept(organizerMail({ uid: 'half@example.com' }))
    const dying = interrupted(tenant.ctx)
    dying.atWrite(writes('mail#', 'to#'), () => Promise.reject(new Error('killed')))
    const [own] = await tenant.platform.queues.receive('inlet', { max: 1 })
    await expect(pipelineHandlers.inlet(dying.ctx, own?.body ?? '')).rejects.toThrow('killed')
    await tenant.platform.queues.delete('inlet', own?.receiptHandle ?? '')
    await later(601)
    await tenant.drain()
    expect(await outcomes()).toEqual(['create: created'])
  })
})

describe('copies of one mail', () => {
  it('that prove nothing hide none that does', async () => {
    const raw = organizerMail({ uid: 'copy@example.com' })
    await accept(raw, [tenant.create], 'forwarder')
    await tenant.drain()
    await accept(raw)
    await tenant.drain()
    expect(await outcomes()).toEqual(['create: created', 'create: sender_not_authenticated'])
    await accept(raw)
    await tenant.drain()
    expect(await outcomes()).toContain('create: duplicate_mail')
  })

  it('to two attendees’ addresses end each in its own outcome', async () => {
    const bob = await invited('bob@example.org', 'two@example.com')
    const carl = await invited('carl@example.org', 'three@example.com')
    await inviteAttendee(tenant.ctx, { eventId: bob.eventId, address: 'carl@example.org', channel: 'api' })
    await tenant.drain()
    const facts = {
      attendee: 'bob@example.org',
      partstat: 'ACCEPTED',
      sequence: 0,
      dtstamp: '20261123T101500Z',
      start: '20270305T090000Z',
      end: '20270305T100000Z',
    } as const
    const raw = replyShapes
      .bare({ ...facts, uid: `${bob.eventId}@events.example.net`, replyAddress: bob.replyAddress })
      .replaceAll('REPLY', 'REFRESH')
    await accept(raw, [bob.replyAddress, carl.replyAddress])
    await tenant.drain()
    expect((await outcomes()).filter((one) => one.endsWith('refresh_requested'))).toHaveLength(2)
    await accept(raw.replace('Message-ID: <', 'Message-ID: <again.'), [bob.replyAddress])
    await tenant.drain()
    expect((await outcomes()).filter((one) => one.endsWith('refresh_already_answered'))).toHaveLength(1)
  })
})

describe('the sweep of unfinished work', () => {
  it('offers work that always fails less and less often, and goes on past a row that it cannot offer', async () => {
    const { ctx, platform } = tenant
    const mark = (rowName: string, topicName: 'event-created', body: string) => ({
      ...markUnfinished(ctx, { rowName, dueAt: ctx.clock.now(), topicName, body }),
      gsi2pk: 'unfinished#3',
    })
    const good = { ...mark('b', 'event-created', '{"eventId":"evt_x","mailId":"mail_x","recipient":"x"}') }
    const bad = { ...good, gsi2sk: '0', resume: { topicName: 'no-such-topic', body: 'x' } }
    await ctx.table.putMany([
      { pk: 'bad', sk: 'x', ...bad },
      { pk: 'good', sk: 'x', ...good },
    ])
    published = []
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      platform.clock.advance(60)
      await expect(sweepHandlers.unfinished(ctx)).rejects.toThrow('could not be offered')
    }
    const offered = published.filter((topicName) => topicName === 'event-created').length
    expect(offered).toBeGreaterThan(20)
    expect(offered).toBeLessThan(35)
    expect(platform.log.entries.some(({ at }) => at === 'sweep.stuck')).toBe(true)
  })
})

describe('what is listed', () => {
  it('of three years and a half of single events is all of them', async () => {
    const { ctx, platform } = tenant
    for (let month = 0; month < 45; month += 1) {
      await tenant.receive(organizerMail({ uid: `month-${month}@example.com` }), { from: ana })
      platform.clock.advance(31 * 86_400)
    }
    let found = 0
    for (let after: string | undefined, pages = 0; pages < 20; pages += 1) {
      const page = await listEvents(ctx, { limit: 50, ...(after === undefined ? {} : { after }) })
      found += page.events.length
      after = page.next
      if (after === undefined) break
    }
    expect(found).toBe(45)
  })

  it('behind a place before the first event is nothing, and behind a made-up one is refused', async () => {
    const nowhere = `${'0'.repeat(15)}#evt_${'0'.repeat(26)}`
    expect(await listEvents(tenant.ctx, { limit: 5, after: nowhere })).toEqual({ events: [] })
    await expect(listEvents(tenant.ctx, { limit: 5, after: '0000-01' })).rejects.toMatchObject({
      code: 'event.bad_cursor',
    })
  })

  it('of received mail does not tell the address by which an attendee answers', async () => {
    const bob = await invited('bob@example.org', 'secret@example.com')
    const facts = {
      attendee: 'bob@example.org',
      partstat: 'ACCEPTED',
      sequence: 0,
      dtstamp: '20261123T101500Z',
      start: '20270305T090000Z',
      end: '20270305T100000Z',
    } as const
    await tenant.receive(
      replyShapes.bare({ ...facts, uid: `${bob.eventId}@events.example.net`, replyAddress: bob.replyAddress }),
      { to: bob.replyAddress, from: 'bob@example.org' },
    )
    const { secret } = await createApiKey(tenant.ctx, { label: 'log', scopes: ['mails:read'] })
    const response = await createApi(tenant.ctx).request('/v1/received-mails?day=2026-11-24', {
      headers: { 'x-api-key': secret },
    })
    const text = await response.text()
    expect(text).toContain('answer_recorded')
    expect(text).not.toContain(bob.replyAddress)
    expect(text).not.toContain('bob@example.org')
  })
})

describe('a UID that very many have', () => {
  it('is still known for the one who made it first', async () => {
    const uid = 'popular@example.com'
    await tenant.receive(organizerMail({ uid }), { from: ana })
    for (let one = 0; one < 130; one += 1)
      await tenant.receive(
        organizerMail({ uid, from: `Guest <guest${one}@example.com>` }).replace(`<${uid}>`, `<${one}${uid}>`),
        { from: `guest${one}@example.com` },
      )
    const moved = organizerMail({ uid, lines: ['SEQUENCE:1', 'DTSTART:20270306T090000Z'] }).replace(
      `<${uid}>`,
      `<moved.${uid}>`,
    )
    expect(await tenant.receive(moved, { from: ana })).toMatchObject({ reason: 'updated' })
    expect(await findUidOwner(tenant.ctx, { clientUid: uid, organizerAddress: ana })).toBeDefined()
  })
})
