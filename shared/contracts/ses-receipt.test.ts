import { describe, expect, it } from 'vitest'
import { MailReceived } from './notices.ts'
import { mailReceivedOf, SesReceipt } from './ses-receipt.ts'

/** The shape of SES's documentation, with what it adds around it. */
function receiptOf(change: { readonly mail?: object; readonly receipt?: object } = {}): unknown {
  return {
    notificationType: 'Received',
    mail: {
      timestamp: '2026-03-03T09:00:00.000Z',
      source: 'Ana@Example.com',
      messageId: 'o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1',
      destination: ['create@events.example.net', 'hidden@other.example.org'],
      headersTruncated: false,
      headers: [{ name: 'From', value: 'Ana <ana@example.com>' }],
      commonHeaders: { from: ['Ana <ana@Example.com>'], to: ['create@events.example.net'], subject: 'x' },
      ...change.mail,
    },
    receipt: {
      timestamp: '2026-03-03T09:00:01.000Z',
      processingTimeMillis: 574,
      recipients: ['create@events.example.net'],
      spamVerdict: { status: 'PASS' },
      virusVerdict: { status: 'PASS' },
      spfVerdict: { status: 'PASS' },
      dkimVerdict: { status: 'PASS' },
      dmarcVerdict: { status: 'PASS' },
      action: { type: 'S3', bucketName: 'b', objectKey: 'inbound/o3vr' },
      ...change.receipt,
    },
  }
}

const noticeOf = (change: Parameters<typeof receiptOf>[0] = {}) =>
  mailReceivedOf(SesReceipt.parse(receiptOf(change)), { sizeBytes: 1234 })

describe('a receipt of SES', () => {
  it('becomes our notice of a received mail', () => {
    const notice = noticeOf()
    expect(MailReceived.parse(notice)).toEqual({
      mailId: 'mail_o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1',
      receivedAt: Date.UTC(2026, 2, 3, 9),
      sizeBytes: 1234,
      envelopeFrom: 'ana@example.com',
      recipients: ['create@events.example.net'],
      authentication: {
        spf: 'PASS',
        dkim: 'PASS',
        dmarc: 'PASS',
        spam: 'PASS',
        virus: 'PASS',
        envelopeFrom: 'ana@example.com',
        dkimDomains: [],
        authorDomain: 'example.com',
        isTrustedLoopback: false,
      },
    })
  })

  it('names the recipients of the envelope that matched the rule, or those of one tenant, never the headers', () => {
    expect(noticeOf().recipients).toEqual(['create@events.example.net'])
    const receipt = SesReceipt.parse(receiptOf({ receipt: { recipients: ['a@one.example', 'b@two.example'] } }))
    expect(mailReceivedOf(receipt, { sizeBytes: 1, recipients: ['b@two.example'] }).recipients).toEqual([
      'b@two.example',
    ])
    expect(JSON.stringify(mailReceivedOf(receipt, { sizeBytes: 1, recipients: ['b@two.example'] }))).not.toContain(
      'one.example',
    )
  })

  it.each([
    ['<>', ''],
    ['', ''],
    ['MAILER-DAEMON', ''],
    ['<bounce+1@Example.org>', 'bounce+1@example.org'],
  ])('with MAIL FROM %j has the reverse-path %j', (source, expected) => {
    expect(noticeOf({ mail: { source } }).envelopeFrom).toBe(expected)
  })

  it.each([
    [undefined, 'PROCESSING_FAILED'],
    [{ status: 'GRAY' }, 'GRAY'],
    [{ status: 'FAIL' }, 'FAIL'],
    [{ status: 'fail' }, 'FAIL'],
    [{ status: 'PROCESSING_FAILED' }, 'PROCESSING_FAILED'],
    [{ status: 'SOMETHING_NEW' }, 'PROCESSING_FAILED'],
  ])('with the DMARC verdict %j counts as %s', (dmarcVerdict, expected) => {
    expect(noticeOf({ receipt: { dmarcVerdict } }).authentication?.dmarc).toBe(expected)
  })

  it('takes a messageId with hyphens, and nulls for what SES does not know', () => {
    const mail = { messageId: '0102018f-o3vr-000000', source: null, commonHeaders: null }
    const { mailId, envelopeFrom, authentication } = noticeOf({
      mail,
      receipt: { dmarcVerdict: null, spfVerdict: null },
    })
    expect([mailId, envelopeFrom]).toEqual(['mail_0102018f-o3vr-000000', ''])
    expect(authentication).toMatchObject({ dmarc: 'PROCESSING_FAILED', spf: 'PROCESSING_FAILED', dkim: 'PASS' })
    expect(noticeOf({ mail: { commonHeaders: { from: null } } }).authentication).not.toHaveProperty('authorDomain')
  })

  it.each(['', '../x', 'a/b', '-a', 'a'.repeat(129)])('refuses the messageId %j, which would be a key', (messageId) => {
    expect(SesReceipt.safeParse(receiptOf({ mail: { messageId } })).success).toBe(false)
  })

  it('takes scanning that is switched off as nothing known', () => {
    const off = { spamVerdict: { status: 'DISABLED' }, virusVerdict: { status: 'DISABLED' } }
    expect(noticeOf({ receipt: off }).authentication).toMatchObject({ spam: 'GRAY', virus: 'GRAY' })
  })

  it.each([
    [['a@one.example', 'b@two.example']],
    [['"ana@example.com" <mallory@evil.example>']],
    [[]],
    [['undisclosed']],
  ])('with From %j says of no domain that DMARC was evaluated for it', (from) => {
    expect(noticeOf({ mail: { commonHeaders: { from } } }).authentication).not.toHaveProperty('authorDomain')
  })

  it.each([
    [['a@one.example', 'b@two.example']],
    [['mallory@evil.example <ceo@victim.example>']],
    [['(mallory@evil.example) ceo@victim.example']],
    [['"mallory@evil.example" <ceo@victim.example>']],
    [['<@evil.example:ceo@victim.example>']],
    [[]],
    [undefined],
  ])('with From %j has no DMARC PASS, since nobody can tell whom it speaks of', (from) => {
    const { authentication } = noticeOf({ mail: { commonHeaders: from === undefined ? undefined : { from } } })
    expect(authentication?.dmarc).toBe('PROCESSING_FAILED')
  })

  it('takes a name that repeats the address for one domain', () => {
    const { authentication } = noticeOf({ mail: { commonHeaders: { from: ['"ana@example.com" <ana@Example.com>'] } } })
    expect(authentication).toMatchObject({ dmarc: 'PASS', authorDomain: 'example.com' })
  })

  it('is refused without recipients, or with an id that could name another object', () => {
    expect(SesReceipt.safeParse(receiptOf({ receipt: { recipients: [] } })).success).toBe(false)
    for (const messageId of ['../other', 'a/b', '', 'mail_1'])
      expect(SesReceipt.safeParse(receiptOf({ mail: { messageId } })).success).toBe(false)
  })
})
