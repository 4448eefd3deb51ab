import { readFile } from 'node:fs/promises'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { type ReplyFacts, type ReplyShape, replyShapes } from '#test/fixtures/reply-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeAll(async () => {
  tenant = await createTestTenant()
})
afterAll(async () => tenant.close())

let count = 0

/** A fresh event with one invited attendee, and how he answers it. */
async function invited(attendee = 'bob@example.org') {
  count += 1
  const mail = (await readFile(new URL('../../samples/google-single-timed.eml', import.meta.url), 'utf8'))
    .replaceAll(/Message-ID: <.*>/gi, `Message-ID: <create-${count}@example.com>`)
    .replaceAll(/^UID:.*$/gm, `UID:client-uid-${count}@google.com`)
    // The second copy of the calendar is base64 and keeps its UID: drop it.
    .replace(/--[^\n]*\r?\nContent-Type: application\/ics[\s\S]*?(?=\r?\n--)/i, '')
  const { eventIds } = await tenant.receive(mail, { from: 'ana.diaz@example.com' })
  const eventId = eventIds[0] ?? ''
  await inviteAttendee(tenant.ctx, { eventId, address: attendee, name: 'Bob', channel: 'api' })
  await tenant.drain()
  const invite = await PostalMime.parse((await tenant.sent()).at(-1)?.raw ?? '')
  const replyAddress = invite.from?.address ?? ''
  const facts: ReplyFacts = {
    uid: `${eventId}@events.example.net`,
    replyAddress,
    attendee,
    partstat: 'ACCEPTED',
    sequence: 0,
    dtstamp: '20261123T120000Z',
    start: '20270309T140000Z',
    end: '20270309T150000Z',
  }
  const reply = (shape: ReplyShape, changes: Partial<ReplyFacts> = {}) =>
    tenant.receive(replyShapes[shape]({ ...facts, ...changes }), {
      to: replyAddress,
      from: 'calendar-server.bounces@google.com',
      // Google's replies often fail DMARC: the token in the envelope is what is trusted.
      authentication: { spf: 'FAIL', dkim: 'GRAY', dmarc: 'FAIL', dkimDomains: [] },
    })
  const answers = async () => (await readStatistics(tenant.ctx, eventId)).answers
  return { eventId, replyAddress, facts, reply, answers }
}

describe('a REPLY to the attendee’s own address', () => {
  for (const shape of Object.keys(replyShapes) as ReplyShape[])
    it(`is counted in the shape of ${shape}, although DMARC fails`, async () => {
      const one = await invited()
      expect(await one.reply(shape)).toMatchObject({ kind: 'acted', reason: 'answer_recorded' })
      expect(await one.answers()).toEqual({ accepted: 1, declined: 0, tentative: 0, delegated: 0, none: 0 })
    })

  it('moves the count when the attendee changes his mind', async () => {
    const one = await invited()
    await one.reply('google')
    await one.reply('outlook', { partstat: 'DECLINED', dtstamp: '20261123T130000Z' })
    expect(await one.answers()).toMatchObject({ accepted: 0, declined: 1, none: 0 })
    await one.reply('apple', { partstat: 'TENTATIVE', dtstamp: '20261123T140000Z' })
    expect(await one.answers()).toMatchObject({ accepted: 0, declined: 0, tentative: 1, none: 0 })
  })

  it('counts once when the same reply comes in another mail', async () => {
    const one = await invited()
    await one.reply('google')
    expect(await one.reply('bare')).toMatchObject({ kind: 'ignored', reason: 'duplicate' })
    expect(await one.answers()).toMatchObject({ accepted: 1 })
  })

  it('does not move anything when it is older than the last', async () => {
    const one = await invited()
    await one.reply('google', { dtstamp: '20261123T120500Z' })
    expect(await one.reply('outlook', { partstat: 'DECLINED', dtstamp: '20261123T110000Z' })).toMatchObject({
      kind: 'ignored',
      reason: 'stale',
    })
    expect(await one.answers()).toMatchObject({ accepted: 1, declined: 0 })
  })

  it('counts for the invited attendee when he answers from a forwarded address', async () => {
    const one = await invited()
    const outcome = await one.reply('bare', {
      attendee: 'bob@forwarded.example.com',
      from: 'bob@forwarded.example.com',
    })
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'answer_recorded' })
    expect(await one.answers()).toMatchObject({ accepted: 1, none: 0 })
  })

  it('says nothing of another event of another organizer', async () => {
    const one = await invited()
    const outcome = await one.reply('bare', { uid: 'evt_00000000000000000000000000@events.example.net' })
    expect(outcome).toMatchObject({ kind: 'ignored', reason: 'wrong_uid' })
    expect(await one.answers()).toMatchObject({ accepted: 0, none: 1 })
  })

  it('without a calendar goes to the organizer and counts nothing', async () => {
    const one = await invited()
    const outcome = await tenant.receive(
      `From: bob@example.org
To: ${one.replyAddress}
Subject: Re: Invitation
Message-ID: <plain-${count}@example.org>

I will come!
`,
      { to: one.replyAddress, from: 'bob@example.org' },
    )
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'plain_text_forwarded' })
    expect(await one.answers()).toMatchObject({ accepted: 0 })
  })
})
