import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createApi } from '#tenant-stack/api/app.ts'
import { createApiKey } from '#tenant-stack/core/api-key/create-key.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { invitationIdOf } from '#tenant-stack/core/invitation/invitation.ts'
import { findInvitation } from '#tenant-stack/core/invitation/invitation-store.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { listSuppressions } from '#tenant-stack/core/suppression/suppressions-of.ts'
import { pipelineHandlers } from '#tenant-stack/pipelines/handlers.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const ana = 'ana.diaz@example.com'
const bob = 'bob@example.org'

let tenant: TestTenant
let eventId: string
beforeEach(async () => {
  tenant = await createTestTenant()
  eventId = (await tenant.receive(organizerMail({ uid: 'talk@example.com' }), { from: ana })).eventIds[0] ?? ''
})
afterEach(() => tenant.close())

async function invited(address = bob) {
  await inviteAttendee(tenant.ctx, { eventId, address, channel: 'api' })
  await tenant.drain()
  const raw = Buffer.from((await tenant.sent()).findLast(({ to }) => to === address)?.raw ?? '').toString('latin1')
  return {
    sendId: /^X-Convoke-Send-Id: (\S+)/m.exec(raw)?.[1] ?? '',
    replyAddress: /^From: .*<([^>]+)>/m.exec(raw)?.[1] ?? '',
    raw,
  }
}

const tell = (sendId: string, eventType: string, more: object = {}, ctx: Ctx = tenant.ctx) =>
  pipelineHandlers.feedback(
    ctx,
    JSON.stringify({
      eventType,
      mail: { messageId: 'm-1', timestamp: '2026-11-24T10:00:00.000Z', tags: { sendId: [sendId] } },
      ...more,
    }),
  )
const hard = { bounce: { bounceType: 'Permanent', bounceSubType: 'General' } }
const soft = { bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } }

const mailCounts = async () => (await readStatistics(tenant.ctx, eventId)).mail
const suppressed = async () =>
  (await listSuppressions(tenant.ctx, { limit: 10 })).suppressions.map(({ address, reason }) => `${address} ${reason}`)
const stateOf = async (address: string) =>
  (await findInvitation(tenant.ctx, eventId, invitationIdOf(tenant.ctx, eventId, address)))?.deliveryState

describe('the event feed', () => {
  it('counts each mail’s state once, told twice and in any order', async () => {
    const { sendId } = await invited()
    for (const eventType of ['Delivery', 'Send', 'Delivery']) await tell(sendId, eventType)
    expect(await mailCounts()).toMatchObject({ sent: 1, delivered: 1, bounced: 0, complained: 0 })
    await tell(sendId, 'Complaint', { complaint: { complaintFeedbackType: 'abuse' } })
    await tell(sendId, 'Delivery')
    await tell(sendId, 'Complaint', { complaint: { complaintFeedbackType: null } })
    expect(await mailCounts()).toMatchObject({ delivered: 1, complained: 1 })
    expect([await stateOf(bob), await suppressed()]).toEqual(['complained', [`${bob} complaint`]])
  })

  it('of a mail to an organizer is taken and counts for no attendee', async () => {
    const notice = (await tenant.sent()).find(({ to }) => to === ana)
    await tell(notice?.sendId ?? '', 'Delivery')
    expect(notice?.sendId).toMatch(/^snd_ntc_created-/)
    expect(await mailCounts()).toMatchObject({ delivered: 0 })
  })

  it('sends nothing more to a mailbox that is not there, and goes on with one that is full', async () => {
    const full = await invited('full@example.org')
    const gone = await invited()
    await tell(full.sendId, 'Bounce', soft)
    await tell(gone.sendId, 'Bounce', hard)
    expect(await mailCounts()).toMatchObject({ bounced: 2 })
    expect(await suppressed()).toEqual([`${bob} hard_bounce`])
    await tell(full.sendId, 'Complaint', { complaint: { complaintFeedbackType: 'not-spam' } })
    expect(await suppressed()).toEqual([`${bob} hard_bounce`])
  })

  it('is done when it was killed between the count and the suppression, and when a twin does it beside', async () => {
    const { sendId } = await invited()
    const dying: Ctx = {
      ...tenant.ctx,
      table: {
        ...tenant.ctx.table,
        write: async (operation) => {
          if (operation.kind === 'put' && operation.item.pk.startsWith('suppressed#')) throw new Error('killed')
          return tenant.ctx.table.write(operation)
        },
      },
    }
    await expect(tell(sendId, 'Bounce', hard, dying)).rejects.toThrow('killed')
    expect(await suppressed()).toEqual([])
    await Promise.all([tell(sendId, 'Bounce', hard), tell(sendId, 'Bounce', hard), tell(sendId, 'Bounce', hard)])
    expect([await mailCounts(), await suppressed()]).toMatchObject([{ bounced: 1 }, [`${bob} hard_bounce`]])
  })

  it('shows a mail that is late as late until more is known, and one that SES rejects as rejected, not as bounced', async () => {
    const late = await invited('late@example.org')
    await tell(late.sendId, 'DeliveryDelay')
    expect(await stateOf('late@example.org')).toBe('delayed')
    await tell(late.sendId, 'Delivery')
    await tell(late.sendId, 'DeliveryDelay')
    expect(await stateOf('late@example.org')).toBe('delivered')
    const { secret } = await createApiKey(tenant.ctx, { label: 'test', scopes: ['attendees:read'] })
    const answered = await createApi(tenant.ctx).request(`/v1/events/${eventId}/attendees`, {
      headers: { authorization: `Bearer ${secret}` },
    })
    expect(await answered.json()).toMatchObject({ data: [{ state: 'sent', delivery: 'delivered' }] })
    const virus = await invited()
    for (const eventType of ['Reject', 'DeliveryDelay', 'Reject']) await tell(virus.sendId, eventType)
    expect(await stateOf(bob)).toBe('rejected')
    expect(await mailCounts()).toMatchObject({ delivered: 1, rejected: 1, bounced: 0 })
    expect(await suppressed()).toEqual([])
  })

  it('ends the same in each of the 24 orders that it can come in', async () => {
    const kinds = ['DeliveryDelay', 'Delivery', 'Bounce', 'Complaint'] as const
    const orders = kinds.flatMap((a) => kinds.flatMap((b) => kinds.flatMap((c) => kinds.map((d) => [a, b, c, d]))))
    const all = orders.filter((order) => new Set(order).size === kinds.length)
    expect(all).toHaveLength(24)
    for (const [at, order] of all.entries()) {
      const address = `order${at}@example.org`
      const { sendId } = await invited(address)
      for (const eventType of order) await tell(sendId, eventType, eventType === 'Bounce' ? soft : {})
      expect({ order, state: await stateOf(address) }).toEqual({ order, state: 'complained' })
    }
    expect(await mailCounts()).toMatchObject({ sent: 24, delivered: 24, bounced: 24, complained: 24 })
  })

  it('says nothing of mail that is nobody’s', async () => {
    for (const sendId of ['snd_nothing', 'snd_chk_none-0-1', 'x'.repeat(300)]) await tell(sendId, 'Bounce', hard)
    expect(await suppressed()).toEqual([])
  })
})

function report(
  sendId: string,
  parts: { readonly type: string; readonly fields: string },
  replyAddress: string,
): string {
  return `From: MAILER-DAEMON@mx.example.org
To: ${replyAddress}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-${Math.abs(sendId.length)}-${parts.fields.length}@mx.example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=${parts.type.split('/')[1]}; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I am sorry.
--b
Content-Type: ${parts.type}

${parts.fields}
--b
Content-Type: text/rfc822-headers

From: <${replyAddress}>
X-Convoke-Send-Id: ${sendId}

--b--
`
}

const dsn = (action: string, status: string) => ({
  type: 'message/delivery-status',
  fields: `Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; ${bob}\nAction: ${action}\nStatus: ${status} (no such user)\n`,
})
const arf = {
  type: 'message/feedback-report',
  fields: 'Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\n',
}

describe('a report by mail', () => {
  const receive = (raw: string, to: string) => tenant.receive(raw, { to, from: '' })

  it('of a dead mailbox does what the feed does', async () => {
    const { sendId, replyAddress } = await invited()
    await receive(report(sendId, dsn('failed', '5.1.1'), replyAddress), replyAddress)
    expect([await mailCounts(), await suppressed()]).toMatchObject([{ bounced: 1 }, [`${bob} hard_bounce`]])
  })

  it('of a delay, a full mailbox or a delivery takes nobody off', async () => {
    const { sendId, replyAddress } = await invited()
    await receive(report(sendId, dsn('delayed', '4.4.1'), replyAddress), replyAddress)
    expect(await stateOf(bob)).toBe('delayed')
    expect(await mailCounts()).toMatchObject({ bounced: 0, delivered: 0 })
    await receive(report(sendId, dsn('delivered', '2.1.5'), replyAddress), replyAddress)
    await receive(report(sendId, dsn('failed', '5.2.2'), replyAddress), replyAddress)
    expect([await mailCounts(), await suppressed()]).toMatchObject([{ delivered: 1, bounced: 1 }, []])
  })

  it('of abuse (RFC 5965) is a complaint', async () => {
    const { sendId, replyAddress } = await invited()
    await receive(report(sendId, arf, replyAddress), replyAddress)
    expect(await suppressed()).toEqual([`${bob} complaint`])
  })

  it('to one attendee’s address about another’s mail does nothing', async () => {
    const { sendId } = await invited()
    const cleo = await invited('cleo@example.org')
    await receive(report(sendId, dsn('failed', '5.1.1'), cleo.replyAddress), cleo.replyAddress)
    expect([await mailCounts(), await suppressed()]).toMatchObject([{ bounced: 0 }, []])
  })
})
