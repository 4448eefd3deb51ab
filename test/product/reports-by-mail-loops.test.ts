import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inboundBlobKey } from '#shared/contracts/notices.ts'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { findDelivery } from '#tenant-stack/core/inbound-mail/inbound-ledger.ts'
import { sweeps } from '#tenant-stack/manifest.ts'
import { MAILS_PER_SENDER_MAX } from '#tenant-stack/pipelines/disassemble/process-report-mail.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { ana, onDay } from '#test/harness/tenant/invited.ts'
import { askingMail, REPORTS, reportsDesk } from '#test/harness/tenant/reported.ts'
import { believedOf, createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'
import { unbelieved } from './bad-input-cases.ts'

const boris = 'boris@example.com'

/** Starting the reading process is slow; a tenant of its own for each test is not. */
const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

let tenant: TestTenant
beforeEach(async () => {
  tenant = await createTestTenant({ reader })
})
afterEach(() => tenant.close())

const { ask, created, told, reported } = reportsDesk(() => tenant)

describe('what is no question', () => {
  for (const [name, mail, reason] of [
    ['an out-of-office note', { subject: 'Away', headers: ['Auto-Submitted: auto-replied'] }, 'auto_reply'],
    ['a machine', { subject: 'Team lunch', headers: ['Auto-Submitted: auto-generated'] }, 'auto_submitted'],
    ['a mailing list', { subject: 'Team lunch', headers: ['List-Id: <x.example.com>'] }, 'list'],
    ['bulk mail', { subject: 'Team lunch', headers: ['Precedence: bulk'] }, 'bulk'],
    ['ourselves', { subject: 'Team lunch', from: 'create@events.example.net' }, 'own_address'],
    ['a mailbox that nobody reads', { subject: 'Team lunch', from: 'noreply@example.com' }, 'nobody_reads'],
  ] as const)
    it(`is ignored: ${name}`, async () => {
      await created('Team lunch')
      expect(await ask(mail)).toMatchObject({ kind: 'ignored', reason, answer: 'nothing' })
      expect(await told()).toEqual([])
    })

  it('is ignored: a mail with the null reverse-path, and a delivery report', async () => {
    await created('Team lunch')
    expect(await ask({ subject: 'Team lunch' }, { from: '' })).toMatchObject({ reason: 'null_return_path' })
    const dsn = askingMail({ subject: 'Team lunch' }).replace(
      'Content-Type: text/plain; charset=utf-8',
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
    )
    expect(await tenant.receive(dsn, { to: REPORTS })).toMatchObject({ reason: 'delivery_report' })
    expect(await told()).toEqual([])
  })

  it('is ignored: an invitation that has reports@ among its guests', async () => {
    const mail = organizerMail({ uid: 'guest@example.com', subject: 'Team lunch' })
    expect(await tenant.receive(mail, { from: ana, to: REPORTS })).toMatchObject({
      kind: 'ignored',
      reason: 'method_not_for_this_mailbox',
    })
    expect(await told()).toEqual([])
  })
})

describe('how often', () => {
  it('the same mail that comes twice is answered once', async () => {
    await created('Team lunch')
    await ask({ subject: 'Team lunch', name: 'same' })
    expect(await ask({ subject: 'Team lunch', name: 'same' })).toMatchObject({ reason: 'duplicate_mail' })
    expect(await told()).toEqual([`${ana} Report: Team lunch`])
  })

  it(`${MAILS_PER_SENDER_MAX} mails of one sender and day are answered, the others are logged`, async () => {
    await created('Board', onDay(5), boris)
    const answers: string[] = []
    for (let nth = 0; nth < MAILS_PER_SENDER_MAX + 2; nth += 1) answers.push((await ask({ subject: 'None' })).reason)
    expect(answers.filter((reason) => reason === 'no_such_event')).toHaveLength(MAILS_PER_SENDER_MAX)
    expect(answers.slice(-2)).toEqual(['too_many_requests', 'too_many_requests'])
    expect(await told()).toHaveLength(MAILS_PER_SENDER_MAX)
    expect(await ask({ subject: 'Board', from: boris })).toMatchObject({ reason: 'report_planned' })
    tenant.platform.clock.advance(86_400)
    expect(await ask({ subject: 'None' })).toMatchObject({ reason: 'no_such_event' })
  })
})

describe('a mail to reports@ whose notice was lost', () => {
  const raw = Buffer.from(askingMail({ subject: 'Team lunch' }))
  const sizeBytes = raw.byteLength
  const outcomeOf = async (mailId: string) => (await findDelivery(tenant.ctx, mailId, REPORTS))?.outcome

  /** The mail's own notice, after all. */
  async function noticed(mailId: string) {
    const origin = { remoteAddress: '203.0.113.7', helo: 'helo-late' }
    const receivedAt = tenant.ctx.clock.now()
    const body = { mailId, receivedAt, sizeBytes, envelopeFrom: ana, recipients: [REPORTS], origin }
    await tenant.ctx.topics.publish('mail-received', JSON.stringify(body))
    await tenant.drain()
  }

  async function stored() {
    const mailId = tenant.ctx.ids.newId('mail')
    await tenant.ctx.blobs.put(inboundBlobKey(mailId), raw)
    return mailId
  }

  it('is answered when its notice comes, though it was swept up without its recipient', async () => {
    const eventId = await created('Team lunch')
    const mailId = await stored()
    tenant.platform.clock.advance(sweeps.inbound.olderThanSeconds + 1)
    await sweepHandlers.inbound(tenant.ctx)
    await tenant.drain()
    await noticed(mailId)
    expect(await outcomeOf(mailId)).toMatchObject({ eventIds: [eventId] })
    expect(await reported()).toEqual([eventId])
  })

  it('is answered when its notice comes, though it was swept up and not proven', async () => {
    const plain = tenant
    tenant = await createTestTenant({
      reader,
      adjust: (ctx) => ({
        ...ctx,
        authenticate: async (mail, origin) =>
          origin === undefined ? { ...believedOf(mail), ...unbelieved } : ctx.authenticate(mail, origin),
      }),
    })
    await plain.close()
    const eventId = await created('Team lunch')
    const mailId = await stored()
    const swept = { mailId, receivedAt: tenant.ctx.clock.now(), sizeBytes, envelopeFrom: '', recipients: [REPORTS] }
    await tenant.ctx.topics.publish('mail-received', JSON.stringify(swept))
    await tenant.drain()
    expect(await outcomeOf(mailId)).toMatchObject({ kind: 'needs_confirmation', answer: 'confirmation_link' })
    await noticed(mailId)
    expect(await outcomeOf(mailId)).toMatchObject({ reason: 'report_planned' })
    expect(await reported()).toEqual([eventId])
  })
})
