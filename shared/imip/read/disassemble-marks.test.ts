import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  base64Lines,
  calendarPart,
  calendarText,
  entity,
  headerLines,
  inviteMail,
  mixedMail,
  multipart,
  singleMail,
  textPart,
} from '#test/mail/read/build-mail.ts'
import { disassembleMail } from './disassemble-mail.ts'
import { FALLBACK_LINES_MAX, HTML_BYTES_MAX, TEXT_BYTES_MAX } from './limits.ts'

const INVITE = calendarText('u1@example.com')

/** A DER or, with `indefinite`, a BER element. */
function element(tag: number, content: Uint8Array, indefinite = false): Buffer {
  if (indefinite) return Buffer.concat([Buffer.from([tag, 0x80]), content, Buffer.from([0, 0])])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(content.length)
  return Buffer.concat([Buffer.from([tag, 0x84]), size, content])
}

function cms(type: string, content: string, streamed = false): Buffer {
  const oid = Buffer.from(`06092a864886f70d0107${type}`, 'hex')
  const data = Buffer.from('06092a864886f70d010701', 'hex')
  const octets = streamed
    ? element(
        0x24,
        Buffer.concat(content.match(/[\s\S]{1,100}/g)?.map((run) => element(0x04, Buffer.from(run))) ?? []),
        true,
      )
    : element(0x04, Buffer.from(content))
  const info = element(0x30, Buffer.concat([data, element(0xa0, octets, streamed)]), streamed)
  const signed = element(0x30, Buffer.concat([Buffer.from([2, 1, 1]), element(0x31, Buffer.alloc(0)), info]), streamed)
  return element(0x30, Buffer.concat([oid, element(0xa0, signed, streamed)]), streamed)
}

function smime(body: Buffer, type: string): Buffer {
  const lines = [
    `Content-Type: application/pkcs7-mime; smime-type=${type}; name=smime.p7m`,
    'Content-Transfer-Encoding: base64',
  ]
  return singleMail(lines, base64Lines(body))
}

function signedBy(type: string): Buffer {
  const parts = [calendarPart(INVITE), entity([`Content-Type: ${type}; name=s`], 'sig')]
  return Buffer.from(multipart(headerLines(), `multipart/signed; protocol="${type}"`, 's-1', parts))
}

function report(type: string, part: string): Buffer {
  const parts = [
    textPart('Could not deliver.'),
    entity([`Content-Type: ${part}`], 'Reporting-MTA: dns; mx.example.org'),
  ]
  return Buffer.from(multipart(headerLines(), `multipart/report; report-type=${type}`, 'r-1', parts))
}

describe('sealed mail', () => {
  it.each([
    ['S/MIME', 'application/pkcs7-signature'],
    ['PGP', 'application/pgp-signature'],
  ])('%s signed: the calendar is read', async (_name, type) => {
    expect(await disassembleMail(signedBy(type))).toMatchObject({
      isSigned: true,
      isEncrypted: false,
      calendars: [{ where: 'part' }],
    })
  })

  it.each([
    ['DER', false],
    ['streamed BER', true],
  ])('opaque S/MIME signed, %s: the calendar is read', async (_name, streamed) => {
    const mail = await disassembleMail(smime(cms('02', calendarPart(INVITE), streamed), 'signed-data'))
    expect(mail).toMatchObject({
      isSigned: true,
      isEncrypted: false,
      forwardedDepth: 0,
      calendars: [{ where: 'part' }],
    })
  })

  it('opaque S/MIME encrypted', async () => {
    expect(await disassembleMail(smime(cms('03', 'x'), 'enveloped-data'))).toMatchObject({
      isEncrypted: true,
      isSigned: false,
      calendars: [],
    })
  })

  it('opaque S/MIME that is no CMS at all', async () => {
    expect(await disassembleMail(smime(Buffer.from('junk'), 'enveloped-data'))).toMatchObject({ isEncrypted: true })
  })

  it('PGP/MIME encrypted', async () => {
    const parts = [
      entity(['Content-Type: application/pgp-encrypted'], 'Version: 1'),
      entity(['Content-Type: application/octet-stream'], 'x'),
    ]
    const raw = Buffer.from(multipart(headerLines(), 'multipart/encrypted', 'e-1', parts))
    expect(await disassembleMail(raw)).toMatchObject({ isEncrypted: true })
  })

  it('PGP in the text', async () => {
    expect(await disassembleMail(singleMail([], '\r\n-----BEGIN PGP MESSAGE-----\r\n'))).toMatchObject({
      isEncrypted: true,
    })
  })

  it.each(['application/ms-tnef', 'application/octet-stream; name=winmail.dat'])('TNEF as %s', async (type) => {
    expect(await disassembleMail(mixedMail([textPart('x'), entity([`Content-Type: ${type}`], '\x78')]))).toMatchObject({
      hasTnef: true,
    })
  })
})

describe('mail from machines', () => {
  it.each([
    ['delivery-status', 'message/delivery-status'],
    ['disposition-notification', 'message/disposition-notification'],
  ])('a report of %s', async (type, part) => {
    expect(await disassembleMail(report(type, part))).toMatchObject({ isReport: true, text: 'Could not deliver.' })
  })

  it('a report keeps the returned invite apart as forwarded', async () => {
    const parts = [textPart('No.'), entity(['Content-Type: message/rfc822'], inviteMail(INVITE).toString('latin1'))]
    const raw = Buffer.from(multipart(headerLines(), 'multipart/report; report-type=delivery-status', 'r-1', parts))
    expect(await disassembleMail(raw)).toMatchObject({ isReport: true, calendars: [{ where: 'forwarded' }] })
  })

  it('an out-of-office of Exchange', async () => {
    const raw = singleMail(['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All'], 'I am away.')
    expect(await disassembleMail(raw)).toMatchObject({ isAutoReply: true })
  })

  it('a meeting mail of Exchange is no automatic reply', async () => {
    const raw = inviteMail(INVITE, ['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: All'])
    expect(await disassembleMail(raw)).toMatchObject({ isAutoReply: false, autoSubmitted: 'auto-generated' })
  })

  it('a list mail', async () => {
    expect(await disassembleMail(inviteMail(INVITE, ['List-Id: Team <team.example.org>']))).toMatchObject({
      isListMail: true,
    })
  })
})

describe('what is told of the mail', () => {
  it('the header, decoded', async () => {
    const lines = [
      'Subject: =?utf-8?Q?Caf=C3=A9?=',
      'Sender: Cal <cal@example.org>',
      'Reply-To: t@example.com',
      'Return-Path: <>',
      'Auto-Submitted: auto-generated',
    ]
    expect(await disassembleMail(inviteMail(INVITE, lines))).toMatchObject({
      subject: 'Café',
      messageId: '<m1@example.com>',
      date: Date.parse('2026-02-20T09:15:00Z'),
      from: [{ address: 'ana@example.com', name: 'Ana Diaz' }],
      sender: { address: 'cal@example.org', name: 'Cal' },
      replyTo: [{ address: 't@example.com' }],
      to: [{ address: 'create@events.example.com' }],
      returnPath: '',
      autoSubmitted: 'auto-generated',
    })
  })

  it('attachments that are no calendar, without path or control characters in their names', async () => {
    const file = entity(
      ['Content-Type: application/pdf; name="../../a\u202eb.pdf"', 'Content-Transfer-Encoding: base64'],
      base64Lines('12345'),
    )
    const mail = await disassembleMail(mixedMail([textPart('x'), calendarPart(INVITE), file]))
    expect(mail.attachments).toEqual([{ filename: 'ab.pdf', contentType: 'application/pdf', sizeBytes: 5 }])
  })

  it('the hash of everything after the header', async () => {
    const mail = await disassembleMail(singleMail([], 'body'))
    expect(mail.bodyHash).toBe(createHash('sha256').update('body').digest('hex'))
  })

  it('the same hash by either reader', async () => {
    const body = 'same body'
    const ours = await disassembleMail(Buffer.from(`Subject: x\r\n\r\n${body}`))
    const theirs = await disassembleMail(Buffer.from(`Subject : x\r\n\r\n${body}`))
    expect([ours.readBy, theirs.readBy]).toEqual(['scanner', 'mailparser'])
    expect(theirs.bodyHash).toBe(ours.bodyHash)
  })

  it('text cut at its limit, between letters', async () => {
    const { text } = await disassembleMail(
      singleMail(['Content-Type: text/plain; charset=utf-8'], 'é'.repeat(TEXT_BYTES_MAX)),
    )
    expect(text).toBe('é'.repeat(TEXT_BYTES_MAX / 2))
  })

  it('html sanitised and within its limit', async () => {
    const body = `<p onclick=x>Hi <script>alert(1)</script><a href="https://example.com/">link</a></p>${'&lt;'.repeat(HTML_BYTES_MAX)}`
    const { html } = await disassembleMail(singleMail(['Content-Type: text/html'], body))
    expect(html?.startsWith('<p>Hi <a href="https://example.com/">link</a></p>&lt;')).toBe(true)
    expect(Buffer.byteLength(html ?? '')).toBeLessThanOrEqual(HTML_BYTES_MAX)
  })

  it('why nothing could be read, with the sender it names', async () => {
    const raw = Buffer.from(`From: ana@example.com\r\nX: ${'y'.repeat(2_000_000)}\r\n\r\nx`)
    const mail = await disassembleMail(raw)
    expect(mail.from).toEqual([{ address: 'ana@example.com' }])
    expect(mail.unreadable).toMatchObject([{ reason: 'not_a_calendar' }])
  })

  it('a calendar is found even in a mail of more lines than any reader takes', async () => {
    const raw = Buffer.from(
      `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'\n'.repeat(FALLBACK_LINES_MAX)}\r\n${INVITE}`,
    )
    const mail = await disassembleMail(raw)
    expect(mail.calendars).toMatchObject([{ where: 'raw' }])
  })

  it.each([
    ['nothing at all', ''],
    ['one byte', '\0'],
    ['a line', 'hello'],
    ['a calendar without any header', INVITE],
  ])('%s is a mail like any other', async (_name, text) => {
    const mail = await disassembleMail(Buffer.from(text))
    expect(mail.calendars).toHaveLength(text === INVITE ? 1 : 0)
  })

  it('leaves a calendar that cannot be read as a reason', async () => {
    const mail = await disassembleMail(inviteMail('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n'))
    expect(mail.calendars).toEqual([])
    expect(mail.unreadable).toHaveLength(1)
  })

  it('can be sent to another process', async () => {
    const mail = await disassembleMail(inviteMail(INVITE))
    expect(structuredClone(mail)).toEqual(mail)
  })
})
