import { afterEach, expect, it } from 'vitest'
import { acceptMail } from '#tenant-stack/core/inbound-mail/accept-mail.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { interrupted, writes } from '#test/harness/tenant/interrupt.ts'
import { believed, createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'

let tenant: TestTenant
afterEach(() => tenant.close())

it('a copy that proves its sender is not hidden by one that is being decided beside it and proves nothing', async () => {
  tenant = await createTestTenant({
    adjust: (ctx) => ({
      ...ctx,
      authenticate: async (_raw, origin) =>
        origin?.helo === 'forwarder'
          ? { ...believed, spf: 'FAIL', dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] }
          : { ...believed, envelopeFrom: ana },
    }),
  })
  const { ctx, create: recipient } = tenant
  const raw = Buffer.from(organizerMail({ uid: 'beside@example.com' }).replaceAll(/\r?\n/g, '\r\n'))
  const accept = async (helo: string) =>
    (
      await acceptMail(ctx, {
        raw,
        envelopeFrom: ana,
        recipients: [recipient],
        origin: { remoteAddress: '203.0.113.7', helo },
      })
    ).mailId
  const unproven = await accept('forwarder')
  const proven = await accept('x')
  for (const { body } of await tenant.platform.queues.receive('inlet', { max: 10 }))
    await pipelineHandlers.inlet(ctx, body)

  const decide = (mailId: string, as = ctx) => pipelineHandlers.disassemble(as, JSON.stringify({ mailId, recipient }))
  const slow = interrupted(ctx)
  slow.atWrite(writes('mail#', 'to#'), () => expect(decide(proven)).rejects.toThrow('Another copy'))
  await decide(unproven, slow.ctx)
  await decide(proven)
  const reasonOf = async (mailId: string) => (await findDelivery(ctx, mailId, recipient))?.outcome?.reason
  expect([await reasonOf(unproven), await reasonOf(proven)]).toEqual(['sender_not_authenticated', 'created'])
})
