import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { suppress } from '#tenant-stack/core/suppression/suppress.ts'
import { type ReplyShape, replyShapes } from '#test/fixtures/reply-mails.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const HOUR_SECONDS = 3600
let tenant: TestTenant
let asked = 0
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

/** Each is a mail of its own: their Message-IDs differ by the DTSTAMP. */
const ask = (one: Awaited<ReturnType<typeof invited>>, shape: ReplyShape = 'google', from = bob) => {
  asked += 1
  const dtstamp = `20261123T12${String(asked % 60).padStart(2, '0')}00Z`
  return one.reply(shape, { method: 'REFRESH', dtstamp, from })
}

const calendarsTo = async (one: Awaited<ReturnType<typeof invited>>) =>
  (await one.mailsTo(bob)).map(({ attachments }) => {
    const part = attachments.find(({ mimeType }) => mimeType === 'text/calendar')
    return typeof part?.content === 'string' ? part.content : new TextDecoder().decode(part?.content)
  })

describe('an attendee who asks for his invite', () => {
  for (const shape of Object.keys(replyShapes) as ReplyShape[])
    it(`in the shape of ${shape} gets the very same calendar again, SEQUENCE and DTSTAMP too`, async () => {
      const one = await invited(tenant)
      expect(await ask(one, shape)).toMatchObject({ kind: 'acted', reason: 'refresh_requested' })
      const [first, again, ...more] = await calendarsTo(one)
      expect(more).toEqual([])
      expect(again).toBe(first)
    })

  it('gets the present state when it has changed', async () => {
    const one = await invited(tenant)
    await one.changed(1, { lines: onDay(8) })
    await ask(one)
    expect((await calendarsTo(one)).at(-1)).toContain('DTSTART:20270308T090000Z')
  })

  it('is sent it at his own address, whoever writes', async () => {
    const one = await invited(tenant)
    const before = (await tenant.sent()).length
    await ask(one, 'bare', 'eve@example.com')
    expect((await tenant.sent()).slice(before).map(({ to }) => to)).toEqual([bob])
  })

  it('gets one an hour and a few a day, and the log says why no more', async () => {
    const one = await invited(tenant)
    const reasons: string[] = []
    for (let half = 0; half < 14; half += 1) {
      reasons.push((await ask(one)).reason)
      tenant.platform.clock.advance(HOUR_SECONDS / 2)
    }
    const [yes, no] = ['refresh_requested', 'refresh_already_answered']
    expect(reasons).toEqual([yes, no, yes, no, yes, no, yes, no, yes, no, no, no, no, no])
    tenant.platform.clock.advance(12 * HOUR_SECONDS)
    expect((await ask(one)).reason).toBe(yes)
    expect(await one.mailsTo(bob)).toHaveLength(1 + 6)
  })

  it('gets none once nothing may be sent to him', async () => {
    const one = await invited(tenant)
    await suppress(tenant.ctx, { address: bob, reason: 'unsubscribe', source: 'page' })
    await ask(one)
    expect(await one.mailsTo(bob)).toHaveLength(1)
  })

  it('gets one for a mail that comes twice', async () => {
    const one = await invited(tenant)
    const twin = { method: 'REFRESH', dtstamp: '20261123T130000Z' } as const
    expect(await one.reply('google', twin)).toMatchObject({ reason: 'refresh_requested' })
    expect(await one.reply('google', twin)).toMatchObject({ reason: 'duplicate_mail' })
    expect(await one.mailsTo(bob)).toHaveLength(2)
  })
})
