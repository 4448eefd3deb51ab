import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProduct, type TestProduct } from '#test/harness/product/start-product.ts'
import { connectSmtp } from '#test/harness/smtp/smtp-talk.ts'

const create = 'create@demo.localhost'
let product: TestProduct

beforeAll(async () => {
  product = await startProduct({ env: { CONVOKE_MAIL_BYTES_MAX: '200000' } })
})

afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

function invite(options: { readonly uid: string; readonly subject: string; readonly more?: string }): string {
  return [
    'From: Ana Diaz <ana.diaz@example.com>',
    `To: ${create}`,
    `Subject: ${options.subject}`,
    `Message-ID: <${options.uid}>`,
    'Date: Mon, 23 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/calendar; charset=utf-8; method=REQUEST',
    '',
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Example//Test//EN',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    `UID:${options.uid}`,
    'DTSTAMP:20261123T090000Z',
    'DTSTART:20300301T090000Z',
    'DTEND:20300301T100000Z',
    `SUMMARY:${options.subject}`,
    'ORGANIZER:mailto:ana.diaz@example.com',
    `ATTENDEE:mailto:${create}`,
    ...(options.more === undefined ? [] : [`DESCRIPTION:${options.more}`]),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

it('250 for create@, and the organizer hears of it', async () => {
  expect(await product.sendMail({ raw: invite({ uid: 'one@example.com', subject: 'First' }), to: create })).toMatch(
    /^250 /,
  )
  expect(await product.waitForOutbox(({ subject }) => subject.includes('First'))).toMatchObject({ kind: 'Created' })
})

it('takes mailbox names in any case', async () => {
  const raw = invite({ uid: 'case@example.com', subject: 'Case' })
  expect(await product.sendMail({ raw, to: 'CREATE@Demo.LocalHost' })).toMatch(/^250 /)
})

it('550 for a mailbox and for a reply address that do not exist', async () => {
  const raw = invite({ uid: 'none@example.com', subject: 'None' })
  for (const to of ['nobody@demo.localhost', `r-${'a'.repeat(26)}@demo.localhost`]) {
    await expect(product.sendMail({ raw, to })).rejects.toMatchObject({ responseCode: 550 })
  }
})

it('550 for any other domain, however it is written', async () => {
  const { smtpPort } = await product.running()
  const talk = await connectSmtp(smtpPort)
  await talk.say('EHLO client.example.com')
  await talk.say('MAIL FROM:<ana@example.com>')
  for (const to of ['someone@example.org', 'someone@demo.localhost.example.org', 'someone@sub.demo.localhost']) {
    expect(await talk.say(`RCPT TO:<${to}>`)).toMatch(/^550 5\.7\.1 /)
  }
  expect(await talk.say('RCPT TO:<"someone@example.org"@demo.localhost>')).toMatch(/^5\d\d /)
  talk.end()
})

it('552 for a mail over the limit, and the next one is taken', async () => {
  const large = invite({ uid: 'large@example.com', subject: 'Large', more: 'x'.repeat(200_001) })
  await expect(product.sendMail({ raw: large, to: create })).rejects.toMatchObject({ responseCode: 552 })
  const small = invite({ uid: 'small@example.com', subject: 'Small' })
  expect(await product.sendMail({ raw: small, to: create })).toMatch(/^250 /)
  await product.waitForOutbox(({ subject }) => subject.includes('Small'))
})

it('one mail told twice is one event', async () => {
  const raw = invite({ uid: 'twice@example.com', subject: 'Twice' })
  await product.sendMail({ raw, to: create })
  await product.sendMail({ raw, to: create })
  await product.waitForOutbox(({ subject }) => subject.includes('Twice'))
  await product.sendMail({ raw: invite({ uid: 'after@example.com', subject: 'Afterwards' }), to: create })
  await product.waitForOutbox(({ subject }) => subject.includes('Afterwards'))
  expect((await product.outbox()).filter(({ subject }) => subject.includes('Twice'))).toHaveLength(1)
})

it('what is no calendar at all is answered once and stops nothing', async () => {
  const raw = `From: Ana Diaz <ana.diaz@example.com>\r\nTo: ${create}\r\nSubject: Hello there\r\nMessage-ID: <hello@example.com>\r\n\r\nNo calendar\r\n`
  expect(await product.sendMail({ raw, to: create })).toMatch(/^250 /)
  await product.sendMail({ raw: invite({ uid: 'next@example.com', subject: 'Next one' }), to: create })
  await product.waitForOutbox(({ subject }) => subject.includes('Next one'))
  const log = await (await product.page('/inbound')).text()
  expect(log).toContain('Hello there')
})
