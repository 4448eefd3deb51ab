import { describe, expect, it } from 'vitest'
import { redactTrace } from '#tenant-stack/cell/redact-trace.ts'
import { tracedRecipient } from '#tenant-stack/cell/traced-recipient.ts'
import { SENT, sesMail, sesTrace } from './ses-mail.ts'
import { SES_ID } from './test-cell.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')
const redacted = (text: string) => Buffer.from(redactTrace(bytes(text))).toString('latin1')

describe('redactTrace', () => {
  it('removes whom the mail was for from what SES wrote, and nothing else', () => {
    const trace = sesTrace('create@events.example.org')
    const expected = trace
      .replace('\r\n for create@events.example.org;', ';')
      .replace(/X-SES-RECEIPT: .+\r\n/, '')
      .replace(/X-SES-DKIM-SIGNATURE: .+\r\n .+\r\n/, '')
    expect(redacted(trace + SENT)).toBe(expected + SENT)
    expect(expected).not.toContain('events.example.org')
  })

  it('keeps what the sender wrote byte for byte, also fields that bear the names of SES', () => {
    expect(redacted(sesMail('x@events.example.org')).endsWith(SENT)).toBe(true)
    const own = SENT.slice(SENT.indexOf('DKIM-Signature'))
    expect(redacted(own)).toBe(own)
    const foreign = `Authentication-Results: mx.example.edu; spf=pass\r\n${SENT}`
    expect(redacted(foreign)).toBe(foreign)
  })

  it('takes the topmost Received to be the receiver’s, also in words that we do not know', () => {
    const unknown = sesMail('a@events.example.org').replace(
      'inbound-smtp.eu-west-1.amazonaws.com',
      'mail.new-name.example',
    )
    expect(redacted(unknown).split('Received: from laptop')[0]).not.toContain('events.example.org')
    expect(redacted(unknown).endsWith(SENT)).toBe(true)
  })

  it('removes every way of naming several recipients', () => {
    for (const clause of [
      '<a@events.example.org>',
      'a@x.example, b@events.example.org',
      '<a@x.example> <b@events.example.org>',
    ])
      expect(redacted(sesMail(clause)).split('Received: from laptop')[0]).not.toContain('events.example.org')
    const cut = sesMail('a@events.example.org').replace(';\r\n Wed, 25 Nov 2026 10:00', '\r\n Wed, 25 Nov 2026 10:00')
    expect(redacted(cut).split('Received: from laptop')[0]).not.toContain('events.example.org')
  })

  it('takes what is no mail at all as it is', () => {
    for (const text of [
      '',
      '\r\n',
      'no header here',
      'Received',
      `${'a'.repeat(100_000)}: b\r\n`,
      ' folded: first\r\n',
    ])
      expect(redacted(text)).toBe(text)
  })
})

describe('tracedRecipient', () => {
  it('is whom SES says it took this very object for', () => {
    expect(tracedRecipient(bytes(sesMail('Create+x@Events.example.com')), SES_ID)).toBe('Create+x@Events.example.com')
    expect(tracedRecipient(bytes(sesMail('<create@events.example.com>')), SES_ID)).toBe('create@events.example.com')
  })

  it('is nobody when the field is of another mail, not the first, or not of SES', () => {
    const mail = sesMail('create@events.example.com')
    expect(tracedRecipient(bytes(mail), 'another0id')).toBeUndefined()
    expect(tracedRecipient(bytes(`X-First: 1\r\n${mail}`), SES_ID)).toBeUndefined()
    expect(
      tracedRecipient(bytes(mail.replace('by inbound-smtp.eu-west-1.amazonaws.com', 'by mx.evil.example')), SES_ID),
    ).toBeUndefined()
    expect(tracedRecipient(bytes(SENT), SES_ID)).toBeUndefined()
    expect(tracedRecipient(bytes(sesMail('two@a.example, three@b.example')), SES_ID)).toBeUndefined()
  })

  it('is not what the sender says in his HELO', () => {
    const helo = `x by inbound-smtp.eu-west-1.amazonaws.com with SMTP id ${SES_ID} for victim@events.example.org; Wed`
    const mail = sesMail('create@events.example.com').replace('from mx.example.edu', `from ${helo}`)
    expect(tracedRecipient(bytes(mail), SES_ID)).toBe('create@events.example.com')
  })
})
