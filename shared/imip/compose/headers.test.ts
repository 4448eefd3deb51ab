import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { oneLine } from './header-text.ts'
import { mailboxHeader, parameter, rawHeader, textHeader } from './headers.ts'
import { mailDate } from './mail-date.ts'

const word = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30, size: 'max' }),
  fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', ',', '"', '=?', '?=', '_'), maxLength: 80, size: 'max' }),
  fc.constantFrom('x'.repeat(200), 'é'.repeat(200), '=?utf-8?q?x?=', 'a  b', '🎉'.repeat(40)),
)
const line = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) =>
  words
    .join(' ')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .trim()
    .slice(0, 990)
    .toWellFormed(),
)

/** White space next to an encoded-word's border is the one thing parsers treat each in its own way. */
const spaced = (text: string) => text.replace(/\s+/g, ' ').trim()

describe('a text header', () => {
  it('is read back by two parsers as it was given, in lines of at most 78 octets', async () => {
    await fc.assert(
      fc.asyncProperty(line, async (subject) => {
        const header = textHeader('Subject', subject)
        for (const each of header.split('\r\n')) expect(each.length).toBeLessThanOrEqual(78)
        expect(header).toMatch(/^[\x20-\x7e\r\n]*$/)
        const mail = `${header}\r\nx`
        expect(spaced((await PostalMime.parse(mail)).subject ?? '')).toBe(spaced(subject))
        expect(spaced((await simpleParser(mail)).subject ?? '')).toBe(spaced(subject))
      }),
      { numRuns: 150 },
    )
  })

  it('leaves plain ASCII readable, folded at spaces', () => {
    expect(textHeader('Subject', 'Invitation: Launch @ Tue 3 Mar 2026')).toBe(
      'Subject: Invitation: Launch @ Tue 3 Mar 2026\r\n',
    )
    expect(textHeader('Subject', 'word '.repeat(20))).toBe(
      `Subject: ${'word '.repeat(13)}word\r\n ${'word '.repeat(6).trim()}\r\n`,
    )
  })

  it('takes nothing for an encoded-word that was not one', () => {
    expect(textHeader('Subject', '=?utf-8?q?a?=')).toBe('Subject: =?UTF-8?B?PT91dGYtOD9xP2E/PQ==?=\r\n')
  })
})

describe('a mailbox header', () => {
  it('quotes an ASCII name, encodes any other, and needs none', () => {
    const address = 'ana@example.com'
    expect(mailboxHeader('From', { address, name: 'Diaz, Ana "A"' })).toBe(
      'From: "Diaz, Ana \\"A\\"" <ana@example.com>\r\n',
    )
    expect(mailboxHeader('From', { address, name: 'Ána' })).toBe('From: =?UTF-8?B?w4FuYQ==?= <ana@example.com>\r\n')
    expect(mailboxHeader('From', { address })).toBe('From: <ana@example.com>\r\n')
    expect(mailboxHeader('From', { address, name: '   ' })).toBe('From: <ana@example.com>\r\n')
  })

  it('gives a long address a line of its own', () => {
    const address = `${'x'.repeat(60)}@example.com`
    expect(mailboxHeader('To', { address, name: 'Bob' })).toBe(`To: "Bob"\r\n <${address}>\r\n`)
  })
})

/** Readers decode an encoded-word even in RFC 2231, where there is none: such a name is safe, but comes back decoded. */
const nameOfFile = line.filter((name) => name !== '' && !name.includes('=?'))

describe('a parameter', () => {
  it('is a token, a quoted-string, or RFC 2231', () => {
    expect(parameter('name', 'invite.ics')).toBe('; name=invite.ics')
    expect(parameter('name', 'my "file".csv')).toBe('; name="my \\"file\\".csv"')
    expect(parameter('filename', 'año.csv')).toBe(";\r\n filename*=UTF-8''a%C3%B1o.csv")
  })

  it('is read back by two parsers', async () => {
    await fc.assert(
      fc.asyncProperty(nameOfFile, async (name) => {
        const mail = `Content-Type: text/csv${parameter('name', name)}\r\nContent-Disposition: attachment${parameter('filename', name)}\r\n\r\nx`
        for (const each of mail.split('\r\n')) expect(each.length).toBeLessThanOrEqual(120)
        expect((await PostalMime.parse(mail)).attachments[0]?.filename).toBe(name)
        expect((await simpleParser(mail)).attachments[0]?.filename).toBe(name)
      }),
      { numRuns: 150 },
    )
  })
})

describe('other header values', () => {
  it('of our own are printable ASCII of one line', () => {
    expect(rawHeader('X-A', 'b')).toBe('X-A: b\r\n')
    expect(rawHeader('List-Unsubscribe', `<https://${'x'.repeat(70)}>`)).toBe(
      `List-Unsubscribe: <https://${'x'.repeat(70)}>\r\n`,
    )
    for (const [name, value] of [
      ['X-A', 'é'],
      ['X-A', 'a\tb'],
      ['X A', 'b'],
      ['X-A', 'x'.repeat(998)],
    ] as const) {
      expect(() => rawHeader(name, value)).toThrow(/not|longer/)
    }
  })

  it('dates are RFC 5322 in UTC', () => {
    expect(mailDate(Date.parse('2026-03-03T09:05:07Z'))).toBe('Tue, 03 Mar 2026 09:05:07 +0000')
    expect(mailDate(0)).toBe('Thu, 01 Jan 1970 00:00:00 +0000')
  })

  it('a title from outside comes to one line of bounded length', () => {
    expect(oneLine(' a\r\n b\u2028c\0 ')).toBe('a b c')
    expect(oneLine('x'.repeat(300))).toHaveLength(200)
    expect(oneLine('🎉'.repeat(300), 20).isWellFormed()).toBe(true)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600, size: 'max' }), (text) => {
        expect(textHeader('Subject', oneLine(text))).toMatch(/^Subject: /)
      }),
    )
  })
})
