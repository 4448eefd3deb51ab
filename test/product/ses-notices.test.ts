import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inboundBlobKey } from '#shared/contracts/notices.ts'
import type { Authentication } from '#shared/imip/authentication.ts'
import { sendFateOf } from '#shared/runtime/send-fate.ts'
import { findDelivery, findInboundMail } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { sesNotice } from '#test/harness/tenant/ses-notice.ts'
import { believed, createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const sample = readFileSync(join(import.meta.dirname, '../../samples/google-single-timed.eml'))

let tenant: TestTenant
let asked: number
let signed: Pick<Authentication, 'dkimDomains'>

beforeEach(async () => {
  asked = 0
  signed = { dkimDomains: ['example.com'] }
  tenant = await createTestTenant({
    adjust: (ctx) => ({
      ...ctx,
      authenticate: async () => {
        asked += 1
        return { ...believed, ...signed }
      },
    }),
  })
})
afterEach(() => tenant.close())

async function outcomeOf(messageId: string) {
  const delivery = await findDelivery(tenant.ctx, `mail_${messageId}`, tenant.create)
  return delivery?.outcome
}

async function receive(notice: ReturnType<typeof sesNotice>): Promise<void> {
  await tenant.ctx.blobs.put(inboundBlobKey(`mail_${notice.mail.messageId}`), sample)
  await tenant.ctx.topics.publish('mail-received', JSON.stringify(notice))
  await tenant.drain()
}

describe('a mail that SES received for a tenant with a receipt rule of his own', () => {
  it('makes its event by SES’s verdicts, and asks nobody about signatures', async () => {
    await receive(sesNotice({ recipients: [tenant.create] }))
    expect(await outcomeOf('ses1')).toMatchObject({ kind: 'acted', reason: 'created' })
    expect(asked).toBe(0)
    expect(await findInboundMail(tenant.ctx, 'mail_ses1')).toMatchObject({ sizeBytes: sample.length })
  })

  it('makes one event however often the notice comes', async () => {
    const notice = sesNotice({ recipients: [tenant.create] })
    await receive(notice)
    await receive(notice)
    const outcome = await outcomeOf('ses1')
    expect(outcome?.eventIds).toHaveLength(1)
    expect(await tenant.sent()).toHaveLength(1)
  })

  it('of a domain without DMARC policy acts by an aligned signature over the stored bytes, which the receipt does not name', async () => {
    await receive(sesNotice({ recipients: [tenant.create], dmarc: 'GRAY', spf: 'FAIL' }))
    expect(asked).toBe(1)
    expect(await outcomeOf('ses1')).toMatchObject({ kind: 'acted' })
  })

  it('whose signature is another domain’s needs a confirmation', async () => {
    signed = { dkimDomains: ['mailer.example.org'] }
    await receive(sesNotice({ recipients: [tenant.create], dmarc: 'GRAY', spf: 'FAIL' }))
    expect(await outcomeOf('ses1')).toMatchObject({ kind: 'needs_confirmation' })
  })

  it('with DMARC FAIL needs a confirmation, whoever signed it', async () => {
    await receive(sesNotice({ recipients: [tenant.create], dmarc: 'FAIL' }))
    expect(await outcomeOf('ses1')).toMatchObject({ kind: 'needs_confirmation' })
    // The confirmation is bound to who signed, or the next mail would need another.
    const inbound = await findInboundMail(tenant.ctx, 'mail_ses1')
    expect(inbound?.authentication.dkimDomains).toEqual(['example.com'])
  })

  it('with DMARC PASS and a From that two parsers may read differently is not acted upon', async () => {
    await receive(sesNotice({ recipients: [tenant.create], from: 'mallory@evil.example <ana.diaz@example.com>' }))
    signed = { dkimDomains: ['evil.example'] }
    expect(await outcomeOf('ses1')).toMatchObject({ kind: 'needs_confirmation' })
  })

  it('is no mail when SES only tries the way, to the rule or to the feed', async () => {
    for (const body of [
      '{"notificationType":"AmazonSnsSubscriptionSucceeded"}',
      '{"mail":{"messageId":"AMAZON_SES_SETUP_NOTIFICATION"}}',
    ])
      await pipelineHandlers.inlet(tenant.ctx, body)
    await pipelineHandlers.feedback(tenant.ctx, 'Successfully validated SNS topic for Amazon SES event publishing.')
    await expect(pipelineHandlers.feedback(tenant.ctx, 'anything else')).rejects.toThrow('JSON')
  })

  it('with a virus is not acted upon', async () => {
    await receive(sesNotice({ recipients: [tenant.create], virus: 'FAIL' }))
    expect(await outcomeOf('ses1')).toMatchObject({ kind: 'quarantined', reason: 'virus' })
  })

  it('whose object cannot be seen yet is brought again', async () => {
    const body = JSON.stringify(sesNotice({ recipients: [tenant.create] }))
    await expect(pipelineHandlers.inlet(tenant.ctx, body)).rejects.toMatchObject({ code: 'blob.not_found' })
    expect(await findInboundMail(tenant.ctx, 'mail_ses1')).toBeUndefined()
  })

  it('that is neither SES’s notice nor ours is refused, for the dead letters', async () => {
    for (const body of ['{}', '"x"', '{"notificationType":"Received"}', '{"mailId":"mail_1"}'])
      await expect(pipelineHandlers.inlet(tenant.ctx, body)).rejects.toThrow(/invalid/i)
  })
})

describe('the event feed of SES', () => {
  const sent = (eventType: string, tags: object = { sendId: ['snd_x-0-1'] }) =>
    JSON.stringify({
      eventType,
      mail: { messageId: '0100-abc', timestamp: '2026-03-03T09:00:00.000Z', tags },
      ...(eventType === 'Bounce' ? { bounce: { bounceType: 'Permanent', bouncedRecipients: [] } } : {}),
    })

  it.each(['Send', 'Delivery', 'Bounce', 'Complaint', 'Reject', 'DeliveryDelay'])(
    'proves by %s alone that a send was accepted',
    async (eventType) => {
      expect(await sendFateOf(tenant.ctx.table, 'snd_x-0-1')).toEqual({ fate: 'unknown' })
      await pipelineHandlers.feedback(tenant.ctx, sent(eventType))
      expect(await sendFateOf(tenant.ctx.table, 'snd_x-0-1')).toEqual({ fate: 'accepted', mailerMessageId: '0100-abc' })
    },
  )

  it('may come twice and in any order, and leaves untagged mail alone', async () => {
    for (const eventType of ['Delivery', 'Send', 'Delivery', 'Bounce'])
      await pipelineHandlers.feedback(tenant.ctx, sent(eventType))
    await pipelineHandlers.feedback(tenant.ctx, sent('Send', {}))
    expect(await sendFateOf(tenant.ctx.table, 'snd_x-0-1')).toMatchObject({ fate: 'accepted' })
    await expect(pipelineHandlers.feedback(tenant.ctx, '{}')).rejects.toThrow(/invalid/i)
  })
})
