import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { sync } from 'node-ical'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import type { InviteRecipient, InviteRevision } from '../invite-revision.ts'
import { compileInvite } from './compile-invite.ts'
import { mailAddress } from './mail-address.ts'
import { anyRecipient, contentText, REVISIONS, recipientOf, revisionOf } from './revisions.fixture.ts'

type Unfolded = { readonly name: string; readonly value: string }

/** A list of content lines by RFC 5545 §3.1, read by nothing of ours. */
function contentLines(calendar: string): Unfolded[] {
  return calendar
    .replaceAll('\n ', '')
    .split('\n')
    .map((line) => ({ name: line.slice(0, line.search(/[;:]/)), value: line.slice(line.lastIndexOf(':mailto:') + 1) }))
}

/** postal-mime hands calendars out with LF line ends, mailparser as they are; the octets themselves are another test's. */
const withLf = (text = '') => text.replaceAll('\r\n', '\n')

/** Header parsers fold runs of white space; what they may not do is lose or gain anything else. */
const spaced = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()

/** Parsers differ in whether they keep the quotes of a quoted local part. */
const unquoted = (address: string) => address.replace(/["\\]/g, '')

async function readBack(revision: InviteRevision, recipient: InviteRecipient) {
  const raw = compileInvite(revision).splice(recipient)
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' })
  const calendars = mail.attachments.map((each) => withLf(contentText(each.content)))
  return { raw, mail, calendars }
}

describe.each(Object.entries(REVISIONS))('%s is read back by parsers the product does not use', (_, revision) => {
  it('the same From, To and ids, both calendars equal, METHOD equal to the parameter, one ATTENDEE per VEVENT', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecipient, async (recipient) => {
        const address = mailAddress(recipient.address)
        const { raw, mail, calendars } = await readBack(revision, recipient)
        expect(mail.from?.address).toBe(recipient.replyAddress)
        expect(spaced(mail.from?.name ?? '')).toBe(revision.organizerName)
        expect(mail.to).toHaveLength(1)
        expect(unquoted(mail.to?.[0]?.address ?? '')).toBe(unquoted(address))
        expect(spaced(mail.to?.[0]?.name ?? '')).toBe(spaced(recipient.name ?? ''))
        expect(mail.messageId).toBe(`<${recipient.messageId}>`)
        expect(mail.headers.find((each) => each.key === 'x-convoke-send-id')?.value).toBe(recipient.sendId)
        expect(mail.attachments.map((each) => [each.mimeType, each.disposition, each.filename])).toEqual([
          ['text/calendar', null, null],
          ['application/ics', 'attachment', 'invite.ics'],
        ])
        expect(calendars[0]).toBe(calendars[1])
        const lines = contentLines(calendars[1] ?? '')
        expect(lines.filter((line) => line.name === 'ATTENDEE').length).toBe(
          lines.filter((line) => line.value === 'BEGIN:VEVENT').length,
        )
        expect(raw.toString('latin1')).toContain(`text/calendar; charset=utf-8; method=${revision.method}\r\n`)
        expect(calendars[1]).toContain(`\nMETHOD:${revision.method}\n`)
        const parsed = Object.values(sync.parseICS(calendars[1] ?? '')).filter((each) => each?.type === 'VEVENT')
        expect(parsed.length).toBeGreaterThan(0)
        for (const vevent of parsed) expect(JSON.stringify(vevent)).toContain(recipient.replyAddress)
      }),
      { numRuns: 100 },
    )
  })

  it('mailparser reads the same texts, subject and calendar', async () => {
    const recipient = recipientOf({
      name: 'Łukasz "Łuk" Żółć',
      links: { abuseUrl: 'https://go.example.com/a?x=1&y=2' },
    })
    const { raw, mail, calendars } = await readBack(revision, recipient)
    const other = await simpleParser(raw)
    expect(other.subject).toBe(mail.subject)
    expect(other.attachments.map((each) => withLf(each.content.toString('utf8')))).toEqual(
      calendars.slice(-other.attachments.length),
    )
    expect(other.text?.trimEnd()).toBe(mail.text?.replaceAll('\r\n', '\n').trimEnd())
    expect(other.to === undefined || Array.isArray(other.to) ? [] : other.to.value.map((each) => each.name)).toEqual([
      recipient.name,
    ])
  })
})

describe('what the attendee sees', () => {
  it('subject, text and html as given, in the order plain, html, calendar', async () => {
    const revision = revisionOf({
      subject: 'Einladung: Größe 📅 @ Di 3. März',
      text: 'Grüß dich\n  =3D\n',
      html: '<p>“Grüß”</p>',
    })
    const { raw, mail } = await readBack(revision, recipientOf())
    expect(mail.subject).toBe(revision.subject)
    expect(mail.text?.trim()).toBe('Grüß dich\n  =3D'.trim())
    expect(mail.html?.trim()).toBe(revision.html)
    const types = [...raw.toString('latin1').matchAll(/^Content-Type: ([a-z/]+)/gm)].map((match) => match[1])
    expect(types).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'text/html',
      'text/calendar',
      'application/ics',
    ])
  })

  it('the values of the slots, escaped in HTML and nowhere else', async () => {
    const revision = REVISIONS['a text with slots'] ?? revisionOf()
    const links = { unsubscribeUrl: 'https://go.example.com/u?a=1&b=2', abuseUrl: 'https://go.example.com/a?c=3&d=4' }
    const { mail } = await readBack(revision, recipientOf({ name: '<b>Eve & "co"</b> é', links }))
    expect(mail.subject).toBe('<b>Eve & "co"</b> é, you are invited')
    expect(mail.text).toContain('Dear <b>Eve & "co"</b> é\n')
    expect(mail.text).toContain(
      `${'x'.repeat(151)}bob@example.com${'y'.repeat(75)}\nstop: https://go.example.com/u?a=1&b=2`,
    )
    expect(mail.html).toContain('<p>Dear &#60;b&#62;Eve &#38; &#34;co&#34;&#60;/b&#62; é</p>')
    expect(mail.html).toContain('<a href="https://go.example.com/a?c=3&#38;d=4">')
    expect(mail.headers.find((each) => each.key === 'list-unsubscribe')?.value).toBe(`<${links.unsubscribeUrl}>`)
  })

  it('header fields in the order of the recipe', () => {
    const head = compileInvite(revisionOf()).splice(recipientOf()).toString('latin1').split('\r\n\r\n')[0] ?? ''
    expect(head.split('\r\n').map((line) => line.split(':')[0])).toEqual([
      'From',
      'To',
      'Subject',
      'Message-ID',
      'Date',
      'X-Convoke-Send-Id',
      'Auto-Submitted',
      'MIME-Version',
      'Content-Type',
    ])
  })
})
