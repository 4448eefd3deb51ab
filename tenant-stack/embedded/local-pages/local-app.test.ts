import { beforeEach, expect, it } from 'vitest'
import type { InboundDelivery } from '#tenant-stack/core/inbound-mail/inbound-mail.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createManualClock } from '#test/harness/platform/manual-clock.ts'
import { createLocalApp } from './local-app.ts'
import type { SentMail } from './outbox-source.ts'
import { thingsToTry } from './product-facts.ts'

const createAddress = 'create@events.example.com'
const vector = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
let mails: (SentMail & { readonly raw: string })[]
let deliveries: InboundDelivery[]

beforeEach(() => {
  mails = []
  deliveries = []
})

function putMail(raw: string): string {
  const mailerMessageId = `sent-${mails.length + 1}`
  const sent = { mailerMessageId, sendId: `snd_${mails.length}`, envelopeFrom: null, envelopeTo: 'bob@example.org' }
  mails.unshift({ ...sent, acceptedAt: 1_772_000_000_000, rawBytes: raw.length, raw })
  return mailerMessageId
}

const byId = (mailerMessageId: string) => mails.find((one) => one.mailerMessageId === mailerMessageId)

function get(path: string) {
  const app = createLocalApp({
    outbox: {
      list: async ({ limit, cursor }) => {
        const from = Number(cursor ?? 0)
        const page = mails.slice(from, from + limit)
        return from + limit < mails.length ? { mails: page, cursor: String(from + limit) } : { mails: page }
      },
      get: async (id) => byId(id),
      raw: async (id) => Buffer.from(byId(id)?.raw ?? '', 'utf8'),
    },
    listDeliveries: async () => ({ deliveries }),
    facts: {
      domainName: 'events.example.com',
      createAddress,
      smtpAddress: 'localhost:2525',
      pagesUrl: 'http://localhost:8025',
      apiUrl: 'http://localhost:8025/v1',
      isLoopbackTrusted: true,
      tries: thingsToTry(createAddress),
    },
    clock: createManualClock(),
    log: createCollectingLog(),
  })
  return app.request(path)
}

function inviteMail(options: { readonly subject: string; readonly method?: string; readonly html?: string }): string {
  const method = options.method ?? 'REQUEST'
  return [
    'From: "Ana" <r-abc@events.example.com>',
    'To: "Bob" <bob@example.org>',
    `Subject: =?utf-8?B?${Buffer.from(options.subject).toString('base64')}?=`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="one"',
    '',
    '--one',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'See you there',
    '--one',
    'Content-Type: text/html; charset=utf-8',
    '',
    options.html ?? '<p>See you there</p>',
    '--one',
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    '',
    'BEGIN:VCALENDAR',
    `METHOD:${method}`,
    'BEGIN:VEVENT',
    `SUMMARY:Lunch\\, then ${options.subject.replaceAll('"', '')}`,
    'ATTENDEE;PARTSTAT=NEEDS-ACTION;CN="Bob: the guest":mailto:bob',
    ' @example.org',
    'END:VEVENT',
    'END:VCALENDAR',
    '--one--',
    '',
  ].join('\r\n')
}

it('says what to do while nothing has happened', async () => {
  for (const path of ['/', '/outbox', '/inbound']) {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain(createAddress)
  }
  expect(await (await get('/outbox')).text()).toContain('Nothing has been sent yet')
  expect(await (await get('/inbound')).text()).toContain('No mail has come in today')
})

it('shows a sent mail by subject, kind and calendar lines', async () => {
  const id = putMail(inviteMail({ subject: 'Invitation: Lunch' }))
  const list = await (await get('/outbox')).text()
  expect(list).toContain('Invitation: Lunch')
  expect(list).toContain('<span class="badge accent">Invitation</span>')
  const shown = await (await get(`/outbox/${id}`)).text()
  expect(shown).toContain('<th scope="row">SUMMARY</th><td>Lunch, then Invitation: Lunch</td>')
  expect(shown).toContain('mailto:bob@example.org')
  expect(shown).toContain('PARTSTAT=NEEDS-ACTION; CN=&quot;Bob: the guest&quot;')
})

it('tells created, failed, updated and cancelled apart', async () => {
  putMail(inviteMail({ subject: 'Created', method: 'REPLY' }))
  putMail(inviteMail({ subject: 'Updated invitation: Lunch' }))
  putMail(inviteMail({ subject: 'Cancelled: Lunch', method: 'CANCEL' }))
  putMail('Subject: Please confirm\r\n\r\nText')
  const list = await (await get('/outbox')).text()
  expect([...list.matchAll(/<span class="badge [a-z]*">([^<]+)</g)].map(([, word]) => word)).toEqual([
    'Notice',
    'Cancellation',
    'Update',
    'Created',
  ])
})

it('keeps markup in subject, body and headers inert', async () => {
  const raw = inviteMail({ subject: vector, html: `<p>Hi</p>${vector}` })
  const id = putMail(raw.replace('Subject:', `X-Odd: ${vector}\r\nSubject:`))
  for (const path of ['/', '/outbox', `/outbox/${id}`]) {
    const text = await (await get(path)).text()
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toContain('<script')
    expect(text).not.toContain('<img src=x')
  }
})

it('serves the HTML of a mail in a sandbox without script, requests or our origin', async () => {
  const id = putMail(inviteMail({ subject: 'Hi', html: `<b>Hi</b>${vector}` }))
  const body = await get(`/outbox/${id}/body`)
  const policy = body.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/^sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;/)
  expect(policy).not.toMatch(/allow-|script-src|https?:/)
  expect(await body.text()).toContain('<b>Hi</b>')
  const frame = /<iframe[^>]*>/.exec(await (await get(`/outbox/${id}`)).text())?.[0]
  expect(frame).toMatch(/^<iframe sandbox title=/)
})

it('gives the mail and its calendar as they were sent, under names of ours', async () => {
  const raw = inviteMail({ subject: 'Invitation: Lunch' })
  const id = putMail(raw)
  const mail = await get(`/outbox/${id}/mail.eml`)
  expect(mail.headers.get('content-disposition')).toBe('attachment; filename="mail.eml"')
  expect(await mail.text()).toBe(raw)
  const calendar = await get(`/outbox/${id}/invite.ics`)
  expect(calendar.headers.get('content-disposition')).toBe('attachment; filename="invite.ics"')
  expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR\r\n[\s\S]*END:VCALENDAR/)
})

it('turns pages from the newest to the oldest', async () => {
  for (let n = 1; n <= 45; n++) putMail(inviteMail({ subject: `Mail number ${n}.` }))
  const first = await (await get('/outbox')).text()
  expect(first).toContain('Mail number 45.')
  expect(first).not.toContain('Mail number 15.')
  const older = /href="(\/outbox\?after=[^"]+)"/.exec(first)?.[1] ?? ''
  const second = await (await get(older)).text()
  expect(second).toContain('Mail number 1.')
  expect(second).not.toContain('rel="next"')
})

it('tells of every received mail what became of it and why', async () => {
  const mail = { mailId: 'mail_1', recipient: createAddress, mailbox: 'create', receivedAt: 1_772_000_000_000 }
  deliveries = [
    {
      ...mail,
      state: 'decided',
      from: 'ana@example.com',
      subject: vector,
      outcome: { kind: 'ignored', reason: 'duplicate_mail', answer: 'nothing', eventIds: [] },
    },
    { ...mail, state: 'routed' },
  ]
  const text = await (await get('/inbound')).text()
  expect(text).toContain('Ignored')
  expect(text).toContain('duplicate_mail')
  expect(text).toContain('In work')
  expect(text).not.toContain('<script')
})

it('answers 404 for a mail that is not there, as a page', async () => {
  const response = await get('/outbox/none')
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('There is no such page')
})

it('lets no page of its own run script or load from elsewhere', async () => {
  for (const path of ['/', '/outbox', '/inbound', '/nowhere']) {
    const response = await get(path)
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'/,
    )
    const text = await response.text()
    expect(text).not.toMatch(/<script|style=|https?:\/\/(?!localhost)/)
  }
})
