import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { writeReply } from '#shared/icalendar/write/write-reply.ts'
import { composeNotice, type Notice } from './compose-notice.ts'
import { contentText } from './revisions.fixture.ts'

const notice: Notice = {
  from: { address: 'create@events.example.com', name: 'Événements' },
  to: { address: 'ana@example.com', name: 'Ana Díaz' },
  subject: 'Creado: Lanzamiento 🎉',
  text: 'Hola Ana\n\nse ha creado.',
  html: '<p>Hola Ana</p>',
  autoSubmitted: 'auto-replied',
  messageId: '<ntc_1@events.example.com>',
  date: Date.parse('2026-02-20T09:15:00Z'),
}

const reply = writeReply({
  uid: 'client-uid@example.com',
  organizer: { address: 'ana@example.com' },
  attendee: { address: 'create@events.example.com' },
  partstat: 'ACCEPTED',
  sequence: 0,
  dtstamp: '2026-02-20T09:15:00Z',
})

describe('a notice', () => {
  it('is read back by two parsers', async () => {
    const raw = composeNotice({
      ...notice,
      inReplyTo: '<abc.def@mail.example.com>',
      headers: { 'X-Note': 'é', 'List-Id': '<a.example.com>' },
    })
    const mail = await PostalMime.parse(raw)
    expect(mail).toMatchObject({
      subject: notice.subject,
      from: notice.from,
      to: [notice.to],
      messageId: notice.messageId,
      inReplyTo: '<abc.def@mail.example.com>',
      references: '<abc.def@mail.example.com>',
    })
    expect(mail.text?.trim()).toBe(notice.text)
    expect(mail.html?.trim()).toBe(notice.html)
    const other = await simpleParser(raw)
    expect(other.headers.get('auto-submitted')).toBe('auto-replied')
    expect(raw.toString('latin1')).toContain('\r\nX-Note: =?UTF-8?B?w6k=?=\r\nList-Id: <a.example.com>\r\n')
    expect(other.date?.toISOString()).toBe('2026-02-20T09:15:00.000Z')
    expect(raw.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n]|[^\t\x20-\x7e]/)
  })

  it('carries a REPLY as its last alternative, with the method of the body', async () => {
    const raw = composeNotice({ ...notice, calendar: { method: 'REPLY', body: reply } })
    expect(raw.toString('latin1')).toContain('Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n')
    const mail = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' })
    expect(mail.attachments.map((each) => [each.mimeType, each.disposition])).toEqual([['text/calendar', null]])
    expect(contentText(mail.attachments[0]?.content).replaceAll('\r\n', '\n')).toBe(reply.replaceAll('\r\n', '\n'))
  })

  it('refuses a calendar whose METHOD is another than its parameter says', () => {
    expect(() => composeNotice({ ...notice, calendar: { method: 'REQUEST', body: reply } })).toThrow(
      'METHOD REPLY, not REQUEST',
    )
    expect(() => composeNotice({ ...notice, calendar: { method: 'REPLY', body: 'BEGIN:VCALENDAR' } })).toThrow(
      'METHOD nothing',
    )
  })

  it('carries attachments under any name', async () => {
    const content = Buffer.from('a;b\r\n1;2\r\n')
    const raw = composeNotice({
      ...notice,
      attachments: [{ filename: 'informe año 2026.csv', contentType: 'text/csv; charset=utf-8', content }],
    })
    const mail = await simpleParser(raw)
    expect(mail.text?.trim()).toBe(notice.text)
    expect(mail.attachments.map((each) => [each.filename, each.contentDisposition, each.content.toString()])).toEqual([
      ['informe año 2026.csv', 'attachment', content.toString()],
    ])
  })

  it('leaves out an In-Reply-To that no header takes, and lets no further header replace its own', () => {
    expect(composeNotice({ ...notice, inReplyTo: 'not an id' }).toString('latin1')).not.toContain('In-Reply-To')
    for (const name of ['From', 'subject', 'Content-Type', 'MIME-Version', 'Auto-Submitted']) {
      expect(() => composeNotice({ ...notice, headers: { [name]: 'x' } })).toThrow("composer's own")
    }
  })
})
