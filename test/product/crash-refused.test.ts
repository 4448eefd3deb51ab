import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMailReader } from '#shared/imip/budget/mail-reader.ts'
import { MailerFailure } from '#shared/platform/mailer.ts'
import { readStatistics } from '#tenant-stack/core/calendar-event/read-statistics.ts'
import type { Ctx } from '#tenant-stack/core/context.ts'
import { inviteAttendee } from '#tenant-stack/core/invitation/invite-attendee.ts'
import { sweepHandlers } from '#tenant-stack/pipelines/sweeps.ts'
import { organizerMail } from '#test/fixtures/organizer-mails.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const reader = createMailReader({ log: createCollectingLog() })
afterAll(async () => reader.close())

const bob = 'bob@example.org'

let tenant: TestTenant
/** Whether Bob's server takes nothing for now. */
let isFull: boolean
beforeEach(async () => {
  isFull = false
  tenant = await createTestTenant({ reader, adjust })
})
afterEach(async () => tenant.close())

function adjust(ctx: Ctx): Ctx {
  const send: Ctx['mailer']['send'] = (mail) =>
    isFull && mail.envelopeTo === bob ? Promise.reject(MailerFailure.throttled('later')) : ctx.mailer.send(mail)
  return { ...ctx, mailer: { ...ctx.mailer, send } }
}

async function created(): Promise<string> {
  const mail = organizerMail({ uid: 'refused@example.com' })
  return (await tenant.receive(mail, { from: 'ana.diaz@example.com' })).eventIds[0] ?? ''
}

async function invite(eventId: string): Promise<void> {
  await inviteAttendee(tenant.ctx, { eventId, address: bob, channel: 'api' })
  await tenant.drain()
}

async function quartersOfHours(count: number): Promise<void> {
  for (let quarter = 0; quarter < count; quarter += 1) {
    tenant.platform.clock.advance(901)
    await sweepHandlers.unfinished(tenant.ctx)
    await tenant.drain()
  }
}

const mailOf = async (eventId: string) => (await readStatistics(tenant.ctx, eventId)).mail

describe('an invite that cannot be sent', () => {
  it('because the event cannot be written has failed, and is not tried for ever', async () => {
    const eventId = await created()
    const { blobs } = await tenant.platform.blobs.list('events/', { limit: 10 })
    for (const { key } of blobs) await tenant.platform.blobs.delete(key)
    await invite(eventId)
    expect(await mailOf(eventId)).toMatchObject({ sent: 0, failed: 1 })
  })

  it('because its server says "not now" is tried for three days, and has failed after five', async () => {
    const eventId = await created()
    isFull = true
    await invite(eventId)
    await quartersOfHours(3 * 96)
    expect(await mailOf(eventId)).toMatchObject({ sent: 0, failed: 0 })
    await quartersOfHours(2 * 96)
    expect(await mailOf(eventId)).toMatchObject({ sent: 0, failed: 1 })
  })

  it('for a day leaves when its server takes mail again', async () => {
    const eventId = await created()
    isFull = true
    await invite(eventId)
    await quartersOfHours(96)
    isFull = false
    await quartersOfHours(2)
    expect(await mailOf(eventId)).toMatchObject({ sent: 1, failed: 0 })
  })
})
