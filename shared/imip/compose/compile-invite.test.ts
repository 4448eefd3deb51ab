import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFailure } from '#shared/errors/failure.ts'
import { foldLine } from '#shared/icalendar/write/fold.ts'
import { inviteCalendar } from '#shared/icalendar/write/invite-calendar.ts'
import { attendeeLine, organizerLine } from '#shared/icalendar/write/personal-lines.ts'
import type { InviteRecipient, InviteRevision } from '../invite-revision.ts'
import { compileInvite } from './compile-invite.ts'
import { mailboxHeader, textHeader } from './headers.ts'
import { mailAddress } from './mail-address.ts'
import { anyRecipient, REVISIONS, recipientOf, revisionOf } from './revisions.fixture.ts'
import { inviteSlots } from './slots.ts'

const RECIPIENTS_PER_REVISION = 1000

/** The same mail put together line by line, without any preparation; base64 as one unbroken line, quoted-printable decoded. */
function plainly(revision: InviteRevision, recipient: InviteRecipient): string {
  const address = mailAddress(recipient.address)
  const name = (recipient.name ?? '').replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()
  const { unsubscribeUrl = '', abuseUrl = '' } = recipient.links ?? {}
  const fill = (text: string, inPart: (value: string) => string) =>
    text
      .replaceAll(inviteSlots.name, () => inPart(name || address))
      .replaceAll(inviteSlots.address, () => inPart(address))
      .replaceAll(inviteSlots.unsubscribeUrl, () => inPart(unsubscribeUrl))
      .replaceAll(inviteSlots.abuseUrl, () => inPart(abuseUrl))
  const html = (value: string) => value.replace(/[&<>"']/g, (each) => `&#${each.codePointAt(0)};`)
  const lines = (text: string) => text.replace(/\r?\n/g, '\r\n')
  const { pieces, uidLine } = inviteCalendar(revision)
  const organizer = foldLine(organizerLine({ address: recipient.replyAddress, name: revision.organizerName }))
  const attendee = foldLine(attendeeLine({ address, name, partstat: recipient.partstat }))
  const calendar = Buffer.from(pieces.join(organizer + uidLine + attendee), 'utf8').toString('base64')
  const id = [revision.uid, revision.method, revision.sequence, revision.dtstamp].join('\n')
  const key = createHash('sha256').update(id).digest('hex').slice(0, 24)
  const date = new Date(recipient.date ?? Date.parse(revision.dtstamp)).toUTCString().replace('GMT', '+0000')
  return [
    mailboxHeader('From', { address: recipient.replyAddress, name: revision.organizerName }),
    mailboxHeader('To', { address, name }),
    textHeader(
      'Subject',
      fill(revision.subject, (value) => value),
    ),
    `Message-ID: <${recipient.messageId}>\r\nDate: ${date}\r\nX-Convoke-Send-Id: ${recipient.sendId}\r\n`,
    unsubscribeUrl === ''
      ? ''
      : `List-Unsubscribe: <${unsubscribeUrl}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`,
    `Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="=_m_${key}"\r\n\r\n`,
    `--=_m_${key}\r\nContent-Type: multipart/alternative; boundary="=_a_${key}"\r\n\r\n`,
    `--=_a_${key}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    `${lines(fill(revision.text, (value) => value))}\r\n`,
    `--=_a_${key}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
    `${lines(fill(revision.html, html))}\r\n`,
    `--=_a_${key}\r\nContent-Type: text/calendar; charset=utf-8; method=${revision.method}\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
    `${calendar}\r\n--=_a_${key}--\r\n\r\n`,
    `--=_m_${key}\r\nContent-Type: application/ics; name="invite.ics"\r\nContent-Disposition: attachment; filename="invite.ics"\r\n`,
    `Content-Transfer-Encoding: base64\r\n\r\n${calendar}\r\n--=_m_${key}--\r\n`,
  ].join('')
}

/** Base64 bodies joined to one line, quoted-printable bodies decoded, everything else untouched. */
function normalised(mail: string): string {
  const base64 = /(Transfer-Encoding: base64\r\n\r\n)([^-]*)(?=\r\n--)/g
  const quoted = /(Transfer-Encoding: quoted-printable\r\n\r\n)([\s\S]*?)(?=\r\n--=_)/g
  return mail
    .replace(base64, (_, head: string, body: string) => head + body.replaceAll('\r\n', ''))
    .replace(quoted, (_, head: string, body: string) => head + decodedQuotedPrintable(body))
}

function decodedQuotedPrintable(body: string): string {
  const octets = body
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(octets, 'latin1').toString('utf8')
}

function wronglyLongLines(mail: string): string[] {
  const at = mail.indexOf('\r\n\r\n')
  const long = mail
    .slice(0, at)
    .split('\r\n')
    .filter((line) => line.length > (line.includes('<') ? 998 : 78))
  return [
    ...long,
    ...mail
      .slice(at)
      .split('\r\n')
      .filter((line) => line.length > 76 && !line.startsWith('Content-')),
  ]
}

describe.each(Object.entries(REVISIONS))('%s, for 1,000 random attendees', (_, revision) => {
  const compiled = compileInvite(revision)

  it('each mail is octet for octet what a plain writer puts together', () => {
    let seen = 0
    fc.assert(
      fc.property(anyRecipient, (recipient) => {
        const mail = compiled.splice(recipient).toString('latin1')
        expect(normalised(mail)).toBe(plainly(revision, recipient))
        seen += 1
      }),
      { numRuns: RECIPIENTS_PER_REVISION },
    )
    expect(seen).toBe(RECIPIENTS_PER_REVISION)
  })

  it('has CRLF line ends only, and no line longer than its standard allows', () => {
    fc.assert(
      fc.property(anyRecipient, (recipient) => {
        const mail = compiled.splice(recipient).toString('latin1')
        expect(mail.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]|[^\t\x20-\x7e]/)
        expect(wronglyLongLines(mail)).toEqual([])
      }),
    )
  })
})

describe('splice', () => {
  it('gives the same octets twice, and mails that share no memory', () => {
    const compiled = compileInvite(revisionOf())
    const first = compiled.splice(recipientOf())
    const copy = Buffer.from(first)
    compiled.splice(recipientOf({ name: 'Somebody Else', address: 'else@example.org' })).fill(0)
    expect(first.equals(copy)).toBe(true)
    expect(compiled.splice(recipientOf()).equals(copy)).toBe(true)
  })

  it('takes a bad recipient for itself alone', () => {
    const compiled = compileInvite(revisionOf())
    const before = compiled.splice(recipientOf())
    expect(() => compiled.splice(recipientOf({ address: 'nobody' }))).toThrow('address')
    expect(compiled.splice(recipientOf()).equals(before)).toBe(true)
  })

  it('writes names and addresses up to and beyond the limits of its short way as a plain writer does', () => {
    const revision = revisionOf({ organizerName: 'Organizer '.repeat(5).trim() })
    const compiled = compileInvite(revision)
    for (let length = 40; length <= 66; length += 1) {
      const address = `${'a'.repeat(length - 12)}@example.com`
      const replyAddress = `r-${'b'.repeat(length - 14)}@example.com`
      for (const partstat of ['ACCEPTED', 'NEEDS-ACTION'] as const) {
        for (const name of ['', 'x'.repeat(length), 'x y'.repeat(length / 3)]) {
          const recipient = recipientOf({ address, replyAddress, name, partstat })
          expect(normalised(compiled.splice(recipient).toString('latin1'))).toBe(plainly(revision, recipient))
        }
      }
    }
  })

  it('refuses exactly the addresses that are none', () => {
    const compiled = compileInvite(revisionOf())
    const part = fc.string({ unit: fc.constantFrom(...'aZ9.-+=_@é "'.split('')), maxLength: 8, size: 'max' })
    const tld = fc.constantFrom('', '.a', '.9', '.a9', '.9a', '.', '.a-', '.-a', '.A')
    const accepts = (act: () => unknown) => {
      try {
        act()
        return true
      } catch (error) {
        if (isFailure(error, 'invite.bad_recipient')) return false
        throw error
      }
    }
    fc.assert(
      fc.property(part, part, tld, (local, domain, end) => {
        const address = `${local}@${domain}${end}`
        expect(accepts(() => compiled.splice(recipientOf({ address })))).toBe(accepts(() => mailAddress(address)))
      }),
      { numRuns: 3000 },
    )
  })

  it('gives an organizer who invites himself the token as ORGANIZER', () => {
    const mail = compileInvite(revisionOf())
      .splice(recipientOf({ address: 'ana@example.com', name: 'Ana Diaz' }))
      .toString('latin1')
    const calendar = Buffer.from(/base64\r\n\r\n([^-]*)/.exec(mail)?.[1] ?? '', 'base64')
      .toString('utf8')
      .replaceAll('\r\n ', '')
    expect(calendar).toContain('ORGANIZER;CN="Ana Diaz":mailto:r-abcdefghijklmnopqrstuvwxyz@events.example.com')
    expect(mail).toContain('To: "Ana Diaz" <ana@example.com>')
  })
})
