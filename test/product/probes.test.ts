import { afterEach, beforeEach, expect, it } from 'vitest'
import { probeAddress, probeKey } from '#shared/contracts/probe.ts'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { listDeliveries } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { mailsOf } from '#test/harness/tenant/life-of-an-event.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const token = '0123456789abcdef0123456789'
let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant()
})
afterEach(() => tenant.close())

const mark = () => tenant.platform.blobs.head(probeKey(token))

function acceptProbe() {
  return acceptMail(tenant.ctx, {
    raw: Buffer.from(organizerMail({ uid: 'probe@example.com' }).replaceAll(/\r?\n/g, '\r\n')),
    envelopeFrom: 'probe@events.example.net',
    recipients: [probeAddress(token, 'events.example.net')],
    origin: { remoteAddress: '203.0.113.7', helo: 'x' },
  })
}

it('a probe leaves its mark in the bucket, creates nothing and is answered by nobody, however often it comes', async () => {
  for (let count = 0; count < 2; count += 1) {
    await acceptProbe()
    await tenant.drain()
  }
  expect(await mark()).toBeDefined()
  const { deliveries } = await listDeliveries(tenant.ctx, { day: '2026-11-24', limit: 10 })
  expect(deliveries.map(({ mailbox, outcome }) => `${mailbox} ${outcome?.kind}`)).toEqual([
    'probe ignored',
    'probe ignored',
  ])
  expect(await mailsOf(tenant.platform)).toEqual([])
})

it('a probe leaves its mark also when inlet was killed before', async () => {
  await acceptProbe()
  const dying = { ...tenant.ctx, blobs: { ...tenant.ctx.blobs, put: () => Promise.reject(new Error('killed')) } }
  const [own] = await tenant.platform.queues.receive('inlet', { max: 1 })
  await expect(pipelineHandlers.inlet(dying, own?.body ?? '')).rejects.toThrow('killed')
  expect(await mark()).toBeUndefined()
  await pipelineHandlers.inlet(tenant.ctx, own?.body ?? '')
  expect(await mark()).toBeDefined()
})
