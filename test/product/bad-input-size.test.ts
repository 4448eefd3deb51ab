import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findEvent } from '#tenant-stack/core/calendar-event/event-store.ts'
import { calendarWith, eventWith, organizerMail } from '#test/fixtures/organizer-mails.ts'
import { startProduct } from '#test/harness/product/start-product.ts'
import { connectSmtp } from '#test/harness/smtp/smtp-talk.ts'
import { createTestTenant, type TestTenant } from '#test/harness/tenant/test-tenant.ts'

const MEGABYTE = 1024 * 1024

/** A normal invitation with a file of so many bytes beside it. */
function heavyMail(uid: string, bytes: number): Buffer {
  const line = `${'QUJD'.repeat(19)}\r\n`
  const head = [
    'From: Ana Diaz <ana.diaz@example.com>',
    `Message-ID: <${uid}>`,
    'Subject: Heavy',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="heavy"',
    '',
    '--heavy',
    'Content-Type: text/calendar; charset=utf-8; method=REQUEST',
    '',
    calendarWith([eventWith({ uid, subject: 'Heavy' })], 'REQUEST'),
    '--heavy',
    'Content-Type: application/zip; name="plans.zip"',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join('\r\n')
  return Buffer.from(`${head}${line.repeat(Math.ceil(bytes / line.length))}--heavy--\r\n`)
}

describe('size', () => {
  let tenant: TestTenant
  beforeAll(async () => {
    tenant = await createTestTenant()
  })
  afterAll(async () => tenant.close())

  const next = async (uid: string) => {
    const outcome = await tenant.receive(organizerMail({ uid }))
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'created' })
  }

  it('of 30 MB is quarantined unread where the door is not ours, and the next mail is processed', async () => {
    const outcome = await tenant.receive(heavyMail('thirty@example.com', 30 * MEGABYTE))
    expect(outcome).toMatchObject({ kind: 'quarantined', reason: 'oversized', answer: 'nothing', eventIds: [] })
    expect(await tenant.sent()).toEqual([])
    await next('after-thirty@example.com')
  })

  it('just below the limit is read within the budget', async () => {
    const outcome = await tenant.receive(heavyMail('twenty@example.com', 20 * MEGABYTE))
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'created' })
  })

  it('of 10,000 attendees is created, the guests counted and none mailed', async () => {
    const guests = Array.from(
      { length: 10_000 },
      (_, index) => `ATTENDEE;CN=Guest ${index}:mailto:guest-${index}@example.org`,
    )
    const before = (await tenant.sent()).length
    const outcome = await tenant.receive(
      organizerMail({ uid: 'many@example.com', lines: ['DTSTART:20270305T100000Z', ...guests] }),
    )
    expect(outcome).toMatchObject({ kind: 'acted', reason: 'created' })
    const calendarEvent = await findEvent(tenant.ctx, outcome.eventIds[0] ?? '')
    expect(calendarEvent?.warnings).toEqual(['attendees_capped'])
    // Our own line comes after those that are kept: it is counted as one more.
    expect(calendarEvent?.otherAttendeeCount).toBe(10_001)
    expect((await tenant.sent()).slice(before).map(({ to }) => to)).toEqual(['ana.diaz@example.com'])
    await next('after-many@example.com')
  })
})

describe('the SMTP door', () => {
  it('refuses 30 MB with 552, by SIZE and by the bytes, an unknown mailbox with 550, and takes the next mail', async () => {
    await using product = await startProduct()
    const { smtpPort } = await product.running()
    const talk = await connectSmtp(smtpPort)
    await talk.say('EHLO mail.example.com')
    expect(await talk.say(`MAIL FROM:<ana.diaz@example.com> SIZE=${30 * MEGABYTE}`)).toMatch(/^552 /)
    expect(await talk.say('MAIL FROM:<ana.diaz@example.com>')).toMatch(/^250 /)
    expect(await talk.say('RCPT TO:<nobody@demo.localhost>')).toMatch(/^550 5\.1\.1 /)
    expect(await talk.say('RCPT TO:<create@elsewhere.example.org>')).toMatch(/^550 5\.7\.1 /)
    expect(await talk.say('RCPT TO:<create@demo.localhost>')).toMatch(/^250 /)
    expect(await talk.say('DATA')).toMatch(/^354 /)
    expect(await talk.say(`${heavyMail('big@example.com', 30 * MEGABYTE).toString('latin1')}.`)).toMatch(/^552 /)
    talk.end()
    expect(await product.outbox()).toEqual([])

    await product.sendMail({
      raw: organizerMail({ uid: 'small@example.com', subject: 'Small' }),
      to: 'create@demo.localhost',
    })
    expect((await product.waitForOutbox(({ kind }) => kind === 'Created')).subject).toBe('Created: Small')
  })
})
