import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { processReplyMail } from '#tenant-stack/pipelines/reply/process-reply-mail.ts'
import { replyShapes } from '#test/fixtures/reply-mails.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { bob, invited, onDay } from '#test/harness/tenant/invited.ts'
import { swept } from '#test/harness/tenant/swept.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

async function press(ctx: Ctx, one: Awaited<ReturnType<typeof invited>>, shown = 0) {
  const text = (await one.mailsTo(bob))[0]?.text ?? ''
  const path = new URL(/https:\S+\/answer\/[0-9a-z]+/.exec(text)?.[0] ?? '').pathname
  return createPages(ctx).request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ answer: 'yes', shown: String(shown) }).toString(),
  })
}

describe('right before an answer on the page is written', () => {
  it('the event is cancelled: nothing is recorded, and the page says so', async () => {
    const one = await invited(tenant)
    const { ctx, atWrite } = interrupted(tenant.ctx)
    atWrite(writes('event#', 'ans#'), async () => {
      await one.changed(1, { method: 'CANCEL' })
    })
    const answered = await press(ctx, one)
    expect([answered.status, await answered.text()]).toEqual([409, expect.stringContaining('This event is cancelled')])
    expect(await one.history()).toEqual([])
  })

  it('the time changes: he is asked again', async () => {
    const one = await invited(tenant)
    const { ctx, atWrite } = interrupted(tenant.ctx)
    atWrite(writes('event#', 'ans#'), async () => {
      await one.changed(1, { lines: onDay(8) })
    })
    expect((await press(ctx, one)).status).toBe(409)
    expect(await one.answers()).toMatchObject({ accepted: 0 })
    expect((await press(tenant.ctx, one, 1)).status).toBe(200)
  })

  it('he answers by mail: both are kept, the page’s counts, and once', async () => {
    const one = await invited(tenant)
    const { ctx, atWrite } = interrupted(tenant.ctx)
    atWrite(writes('event#', 'ans#'), async () => {
      await one.reply('google', { partstat: 'DECLINED' })
    })
    expect((await press(ctx, one)).status).toBe(200)
    expect(await one.answers()).toEqual({ accepted: 1, declined: 0, tentative: 0, delegated: 0, none: 0 })
    expect(await one.history()).toHaveLength(2)
  })
})

describe('right before a mailed answer is written', () => {
  it('the event is cancelled, and nobody who has answered is told of it any more: he is told all the same', async () => {
    const one = await invited(tenant)
    const { ctx, atWrite } = interrupted(tenant.ctx)
    atWrite(writes('event#', 'ans#'), async () => {
      await one.changed(1, { method: 'CANCEL' })
    })
    const { mailId } = await acceptMail(tenant.ctx, {
      raw: Buffer.from(replyShapes.google(one.facts).replaceAll('\n', '\r\n')),
      envelopeFrom: bob,
      recipients: [one.replyAddress],
      origin: { remoteAddress: '203.0.113.7', helo: 'helo' },
    })
    const [received] = await tenant.platform.queues.receive('inlet', { max: 1 })
    await pipelineHandlers.inlet(tenant.ctx, received?.body ?? '')
    // This run has the message; nobody else decides the mail meanwhile.
    const [routed] = await tenant.platform.queues.receive('reply', { max: 1 })
    await tenant.platform.queues.delete('reply', routed?.receiptHandle ?? '')
    await processReplyMail(ctx, { mailId, recipient: one.replyAddress })
    await swept(tenant)
    expect((await one.mailsTo(bob)).map(({ subject }) => subject?.split(':')[0])).toEqual(['Invitation', 'Cancelled'])
  })
})
