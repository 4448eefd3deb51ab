import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inboundBlobKey } from '#shared/contracts/notices.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { queueNameOf, sweeps } from '#tenant-stack/manifest.ts'
import { createPages } from '#tenant-stack/pages/app.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { believed, createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { unbelieved } from './bad-input-cases.ts'

/** Starting the reading process is slow; a tenant of its own for each test is not. */
const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(async () => tenant.close())

const ana = 'ana.diaz@example.com'
const DAY_SECONDS = 24 * 3600
const asked = { kind: 'needs_confirmation', reason: 'sender_not_authenticated' }

/** An invitation that DMARC fails, signed by `signers`. */
async function send(uid: string, signers: readonly string[] = [], from = ana) {
  return tenant.receive(organizerMail({ uid, from, subject: uid }), {
    from,
    authentication: { ...unbelieved, dkim: signers.length > 0 ? 'PASS' : 'FAIL', dkimDomains: signers },
  })
}

/** The path of the newest link that was mailed. */
async function link(): Promise<string> {
  const mail = await PostalMime.parse((await tenant.sent()).at(-1)?.raw ?? '')
  const path = /https:\/\/go\.events\.example\.net(\/confirm\/[0-9a-z]+)/.exec(mail.text ?? '')?.[1]
  if (path === undefined) throw new Error(`no link in ${mail.text}`)
  return path
}

async function page(path: string, method: 'GET' | 'POST') {
  const response = await createPages(tenant.ctx).request(path, { method })
  await tenant.drain()
  return { status: response.status, html: await response.text() }
}

async function outcomeOf(mailId: string) {
  return (await findDelivery(tenant.ctx, mailId, tenant.create))?.outcome
}

describe('a sender who is not proven', () => {
  it('is asked once in 24 hours, however often he writes', async () => {
    expect(await send('first')).toMatchObject({ ...asked, answer: 'confirmation_link' })
    expect(await send('second')).toMatchObject({ ...asked, answer: 'nothing' })
    tenant.platform.clock.advance(DAY_SECONDS - 1)
    expect(await send('third')).toMatchObject({ ...asked, answer: 'nothing' })
    tenant.platform.clock.advance(2)
    expect(await send('fourth')).toMatchObject({ ...asked, answer: 'confirmation_link' })
    expect((await tenant.sent()).map(({ to }) => to)).toEqual([ana, ana])
  })

  it('does not use up the question to another', async () => {
    await send('first')
    expect(await send('boris', [], 'boris@example.com')).toMatchObject({ answer: 'confirmation_link' })
  })

  it('is asked in plain words, with no calendar and nothing of what he claimed', async () => {
    await send('first')
    const mail = await PostalMime.parse((await tenant.sent()).at(-1)?.raw ?? '')
    expect(mail.text).toContain('did not prove that it came from you')
    expect(mail.text).not.toContain('first')
    expect(mail.attachments).toEqual([])
    expect(mail.inReplyTo).toBe('<first>')
    expect(mail.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-replied' }))
  })
})

describe('a mail whose notice was lost', () => {
  it('counts as not proven when it is swept up: its sender is asked, and no event is made before he says yes', async () => {
    const raw = Buffer.from(organizerMail({ uid: 'lost@example.com', subject: 'Lost' }))
    const mailId = tenant.ctx.ids.newId('mail')
    await tenant.ctx.blobs.put(inboundBlobKey(mailId), raw)
    const ctx: Ctx = {
      ...tenant.ctx,
      authenticate: async (_raw, origin) => ({ ...believed, ...unbelieved, envelopeFrom: origin?.envelopeFrom ?? '' }),
    }
    await sweepHandlers.inbound(ctx)
    tenant.platform.clock.advance(sweeps.inbound.olderThanSeconds + 1)
    await sweepHandlers.inbound(ctx)
    for (const message of await tenant.platform.queues.receive(queueNameOf('inlet'), { max: 10 })) {
      await pipelineHandlers.inlet(ctx, message.body)
      await tenant.platform.queues.delete(queueNameOf('inlet'), message.receiptHandle)
    }
    await tenant.drain()
    expect(await outcomeOf(mailId)).toMatchObject({ ...asked, answer: 'confirmation_link', eventIds: [] })
    await page(await link(), 'POST')
    expect(await outcomeOf(mailId)).toMatchObject({ kind: 'acted', reason: 'created', answer: 'created_mail' })
    await sweepHandlers.inbound(ctx)
    await tenant.drain()
    expect(await tenant.sent()).toHaveLength(2)
  })
})

describe('the page behind the link', () => {
  it('changes nothing when it is only opened, as scanners do', async () => {
    const { mailId } = await send('first')
    const path = await link()
    for (let visit = 0; visit < 3; visit += 1) {
      const opened = await page(path, 'GET')
      expect(opened.status).toBe(200)
      expect(opened.html).toContain('<form method="post">')
    }
    expect(await outcomeOf(mailId)).toMatchObject({ ...asked, eventIds: [] })
    expect(await tenant.sent()).toHaveLength(1)
  })

  it('makes the event when its button is pressed, and only once', async () => {
    const { mailId } = await send('first')
    const path = await link()
    expect(await page(path, 'POST')).toMatchObject({ status: 200 })
    const outcome = await outcomeOf(mailId)
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'created', answer: 'created_mail' })
    expect(await findEvent(tenant.ctx, outcome?.eventIds[0] ?? '')).toMatchObject({ organizerAddress: ana })
    expect(await page(path, 'POST')).toMatchObject({ status: 200 })
    expect(await outcomeOf(mailId)).toEqual(outcome)
    const subjects = await Promise.all(
      (await tenant.sent()).map(async ({ raw }) => (await PostalMime.parse(raw)).subject),
    )
    expect(subjects).toEqual(['Please confirm: was this invitation yours?', 'Created: first'])
  })

  it('has expired a day later', async () => {
    const { mailId } = await send('first')
    const path = await link()
    tenant.platform.clock.advance(DAY_SECONDS + 1)
    expect(await page(path, 'GET')).toMatchObject({ status: 410 })
    expect(await page(path, 'POST')).toMatchObject({ status: 410 })
    expect(await outcomeOf(mailId)).toMatchObject(asked)
    expect(await tenant.sent()).toHaveLength(1)
  })

  it('answers 404 to a link that was never sent', async () => {
    await send('first')
    for (const token of ['0'.repeat(26), 'x', 'z'.repeat(200)]) {
      expect(await page(`/confirm/${token}`, 'GET')).toMatchObject({ status: 404 })
      expect(await page(`/confirm/${token}`, 'POST')).toMatchObject({ status: 404 })
    }
  })
})

describe('after a confirmation', () => {
  it('mail signed by the bound domain needs none', async () => {
    await send('first', ['mailer.example.net'])
    await page(await link(), 'POST')
    expect(await send('second', ['mailer.example.net'])).toMatchObject({ kind: 'acted', reason: 'created' })
  })

  it('mail signed by another domain, or by none, still does', async () => {
    await send('first', ['mailer.example.net'])
    await page(await link(), 'POST')
    expect(await send('second', ['other.example.net'])).toMatchObject(asked)
    expect(await send('third')).toMatchObject(asked)
  })

  it('another address signed by the bound domain still does', async () => {
    await send('first', ['mailer.example.net'])
    await page(await link(), 'POST')
    expect(await send('second', ['mailer.example.net'], 'boris@example.com')).toMatchObject(asked)
  })

  it('an unsigned mail binds nothing', async () => {
    await send('first')
    await page(await link(), 'POST')
    expect(await send('second')).toMatchObject(asked)
  })
})
