import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { connectSmtp, type SmtpTalk } from '#test/harness/smtp/smtp-talk.ts'
import { type Door, openSmtpDoor, type SmtpMail } from './smtp-door.ts'

const mailBytesMax = 64 * 1024
let door: Door
let talk: SmtpTalk
let mails: SmtpMail[]
let accept: (mail: SmtpMail) => Promise<{ readonly mailId: string }>

beforeEach(async () => {
  mails = []
  accept = async (mail) => {
    mails.push(mail)
    return { mailId: `mail_${mails.length}` }
  }
  door = await openSmtpDoor({
    host: '127.0.0.1',
    port: 0,
    domainName: 'events.example.com',
    mailBytesMax,
    acceptsRecipient: async (address) => {
      if (!address.endsWith('@events.example.com')) return 'other_domain'
      return /^(create|guest\d+)@/.test(address) ? 'accepted' : 'unknown_mailbox'
    },
    acceptMail: (mail) => accept(mail),
    log: createCollectingLog(),
  })
  talk = await connectSmtp(door.port)
})

afterEach(async () => {
  talk.end()
  await door.close()
})

async function begin(from = 'ana@example.com'): Promise<void> {
  await talk.say('EHLO client.example.com')
  expect(await talk.say(`MAIL FROM:<${from}>`)).toMatch(/^250 /)
}

it('greets as the domain and offers what it keeps', async () => {
  expect(talk.greeting).toMatch(/^220 events\.example\.com ESMTP/)
  const offers = await talk.say('EHLO client.example.com')
  expect(offers).toContain('8BITMIME')
  expect(offers).toContain('SMTPUTF8')
  expect(offers).toContain(`SIZE ${mailBytesMax}`)
  expect(offers).not.toContain('STARTTLS')
  expect(offers).not.toContain('AUTH')
})

it('250 only when the mail is stored, with the envelope and the bytes as they came', async () => {
  let store: () => void = () => undefined
  accept = (mail) =>
    new Promise((resolve) => {
      store = () => {
        mails.push(mail)
        resolve({ mailId: 'mail_stored' })
      }
    })
  await begin()
  await talk.say('RCPT TO:<create@events.example.com>')
  await talk.say('DATA')
  const answered = talk.say('Subject: Hello\r\n\r\n..dot\r\nd\u00e9j\u00e0 vu\r\n.')
  await talk.quiet()
  expect(talk.isAnswered()).toBe(false)
  store()
  expect(await answered).toMatch(/^250 2\.6\.0 accepted as mail_stored/)
  expect(Buffer.from(mails[0]?.raw ?? []).toString('utf8')).toBe('Subject: Hello\r\n\r\n.dot\r\nd\u00e9j\u00e0 vu\r\n')
  expect(mails[0]).toMatchObject({
    envelopeFrom: 'ana@example.com',
    recipients: ['create@events.example.com'],
    origin: { remoteAddress: '127.0.0.1', helo: 'client.example.com' },
  })
})

it('takes the null reverse-path of a bounce', async () => {
  await begin('')
  await talk.say('RCPT TO:<create@events.example.com>')
  await talk.say('DATA')
  expect(await talk.say('Subject: Bounce\r\n\r\n.')).toMatch(/^250 /)
  expect(mails[0]?.envelopeFrom).toBe('')
})

it('550 5.1.1 for a mailbox that is not here', async () => {
  await begin()
  expect(await talk.say('RCPT TO:<nobody@events.example.com>')).toMatch(/^550 5\.1\.1 /)
  expect(await talk.say('DATA')).toMatch(/^503 /)
})

it('550 5.7.1 for another domain: nothing is relayed', async () => {
  await begin()
  expect(await talk.say('RCPT TO:<someone@example.org>')).toMatch(/^550 5\.7\.1 /)
  expect(await talk.say('RCPT TO:<create@events.example.com@example.org>')).toMatch(/^5\d\d /)
  expect(await talk.say('RCPT TO:<@events.example.com:someone@example.org>')).toMatch(/^5\d\d /)
})

it('552 5.3.4 for a declared size over the limit, before any data', async () => {
  await talk.say('EHLO client.example.com')
  expect(await talk.say(`MAIL FROM:<ana@example.com> SIZE=${mailBytesMax + 1}`)).toMatch(/^552 5\.3\.4 /)
})

it('552 5.3.4 for data over the limit, and the session goes on', async () => {
  await begin()
  await talk.say('RCPT TO:<create@events.example.com>')
  await talk.say('DATA')
  expect(await talk.say(`Subject: Big\r\n\r\n${'x'.repeat(mailBytesMax)}\r\n.`)).toMatch(/^552 5\.3\.4 /)
  expect(mails).toEqual([])
  await begin()
  await talk.say('RCPT TO:<create@events.example.com>')
  await talk.say('DATA')
  expect(await talk.say('Subject: Small\r\n\r\n.')).toMatch(/^250 /)
  expect(mails).toHaveLength(1)
})

it('takes 100 recipients and answers 452 to one more', async () => {
  await begin()
  for (let n = 1; n <= 100; n++) {
    expect(await talk.say(`RCPT TO:<guest${n}@events.example.com>`)).toMatch(/^250 /)
  }
  expect(await talk.say('RCPT TO:<guest101@events.example.com>')).toMatch(/^452 4\.5\.3 /)
})

it('451 when the mail cannot be stored, so that the client keeps it', async () => {
  accept = () => Promise.reject(new Error('the disk is full'))
  await begin()
  await talk.say('RCPT TO:<create@events.example.com>')
  await talk.say('DATA')
  const answer = await talk.say('Subject: Hello\r\n\r\n.')
  expect(answer).toMatch(/^451 4\.3\.0 /)
  expect(answer).not.toContain('disk')
})

it('421 to one who tries names until one exists', async () => {
  await begin()
  const answers: string[] = []
  for (let n = 0; n < 26; n++) answers.push(await talk.say(`RCPT TO:<name${n}@events.example.com>`))
  expect(answers.slice(0, 25).every((answer) => answer.startsWith('550 5.1.1'))).toBe(true)
  expect(answers[25]).toMatch(/^421 /)
})

it('421 to a command line without end', async () => {
  expect(await talk.say('x'.repeat(5000))).toMatch(/^421 /)
})

it('takes no second message for an end of data without CRLF on both sides', async () => {
  await begin()
  await talk.say('RCPT TO:<create@events.example.com>')
  await talk.say('DATA')
  const smuggled =
    'MAIL FROM:<admin@example.com>\r\nRCPT TO:<create@events.example.com>\r\nDATA\r\nSubject: Smuggled\r\n'
  expect(await talk.say(`Subject: One\r\n\r\nbody\n.\n${smuggled}\r\n.`)).toMatch(/^250 /)
  expect(mails).toHaveLength(1)
  expect(mails[0]?.envelopeFrom).toBe('ana@example.com')
})
