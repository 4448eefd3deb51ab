import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { entity, headerLines, mixedMail, multipart, singleMail, textPart } from '#test/mail/read/build-mail.ts'
import { PARTS_MAX } from './limits.ts'
import { isDeclined } from './mail-part.ts'
import { scanMessage } from './scan-message.ts'
import { scanParts } from './scan-parts.ts'

function scanned(raw: Buffer): unknown {
  const result = scanParts(raw)
  return isDeclined(result)
    ? result.declined
    : result.leaves.map(({ entity: { contentType }, body }) => [contentType, body.toString('latin1')])
}

function mail(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.join('\r\n'))
}

const MIXED = 'Content-Type: multipart/mixed; boundary=b'

describe('takes', () => {
  it.each([
    ['a body without any header field', mail('', 'hello'), [['text/plain', 'hello']]],
    ['a header without a body', mail('Subject: x', ''), [['text/plain', '']]],
    ['a mail with LF alone', Buffer.from('Subject: x\n\nhello\n'), [['text/plain', 'hello\n']]],
    ['a part without header fields', mail(MIXED, '', '--b', '', 'one', '--b--'), [['text/plain', 'one']]],
    ['an empty part', mail(MIXED, '', '--b', '', '--b--'), [['text/plain', '']]],
    [
      'preamble and epilogue as nobody’s text',
      mail(MIXED, '', 'pre', '--b', '', 'one', '--b--', 'post'),
      [['text/plain', 'one']],
    ],
    ['blanks after a delimiter', mail(MIXED, '', '--b \t', '', 'one', '--b-- '), [['text/plain', 'one']]],
    ['a final delimiter without a line end', mail(MIXED, '', '--b', '', 'one', '--b--'), [['text/plain', 'one']]],
    [
      'hyphens that are no delimiter',
      mail(MIXED, '', '--b', '', '--', '--a', '--B', '--b--'),
      [['text/plain', '--\r\n--a\r\n--B']],
    ],
    [
      'a folded boundary',
      mail('Content-Type: multipart/mixed;', '\tboundary=b', '', '--b', '', 'one', '--b--'),
      [['text/plain', 'one']],
    ],
    [
      'a boundary that begins another',
      mail(
        MIXED,
        '',
        '--b',
        'Content-Type: multipart/alternative; boundary=bb',
        '',
        '--bb',
        '',
        'in',
        '--bb--',
        '--b',
        '',
        'out',
        '--b--',
      ),
      [
        ['text/plain', 'in'],
        ['text/plain', 'out'],
      ],
    ],
    [
      'digest parts as messages',
      mail('Content-Type: multipart/digest; boundary=b', '', '--b', '', 'Subject: in', '', 'x', '--b--'),
      [['message/rfc822', 'Subject: in\r\n\r\nx']],
    ],
  ])('%s', (_name, raw, expected) => {
    expect(scanned(raw)).toEqual(expected)
  })
})

describe('declines', () => {
  it.each([
    ['a multipart without boundary', mail('Content-Type: multipart/mixed', '', 'x'), 'boundary_missing'],
    ['a boundary that ends in a space', mail('Content-Type: multipart/mixed; boundary="b "', '', 'x'), 'boundary_odd'],
    ['a boundary with 8-bit letters', mail('Content-Type: multipart/mixed; boundary="é"', '', 'x'), 'boundary_odd'],
    [
      'a boundary of a thousand bytes',
      mail(`Content-Type: multipart/mixed; boundary=${'b'.repeat(1000)}`, '', 'x'),
      'boundary_odd',
    ],
    [
      'a boundary of no multipart',
      mail('Content-Type: text/plain; boundary=b', '', '--b', '', 'x', '--b--'),
      'boundary_odd',
    ],
    ['a mail cut before its last delimiter', mail(MIXED, '', '--b', '', 'one'), 'multipart_unclosed'],
    ['a multipart without parts', mail(MIXED, '', '--b--', ''), 'multipart_empty'],
    ['junk after a delimiter', mail(MIXED, '', '--b', '', 'one', '--bjunk', '--b--'), 'delimiter_junk'],
    [
      'one boundary for two levels',
      mail(MIXED, '', '--b', MIXED, '', '--b', '', 'x', '--b--', '--b--'),
      'boundary_reused',
    ],
    [
      'a delimiter that two boundaries explain',
      mail(MIXED, '', '--b', 'Content-Type: multipart/mixed; boundary="b--"', '', '--b--', '', 'x', '--b----', '--b--'),
      'boundary_reused',
    ],
    [
      'an inner multipart left open',
      mail(MIXED, '', '--b', 'Content-Type: multipart/mixed; boundary=c', '', '--c', '', 'x', '--b--'),
      'multipart_unclosed',
    ],
    [
      'a delimiter inside a header',
      mail(MIXED, '', '--b', 'Content-Type: text/plain', '--b', '', 'x', '--b--'),
      'header_malformed',
    ],
    ['a line without a field name', mail('Subject: x', 'hello', '', 'x'), 'header_malformed'],
    ['an mbox line', mail('From ana Fri Feb 20 10:00:00 2026', 'Subject: x', '', 'x'), 'header_malformed'],
    ['a header that begins with a fold', mail(' Subject: x', '', 'x'), 'header_malformed'],
    ['a bare CR in the header', Buffer.from('Subject: x\rFrom: y\r\n\r\nx'), 'header_malformed'],
    ['NUL in the header', mail('Subject: \0', '', 'x'), 'header_malformed'],
    ['a blank before the colon', mail('Subject : x', '', 'x'), 'header_malformed'],
    [
      'two Content-Type fields',
      mail('Content-Type: text/plain', 'Content-Type: text/html', '', 'x'),
      'header_repeated',
    ],
    ['a type without subtype', mail('Content-Type: text', '', 'x'), 'content_type_odd'],
    ['a comment in Content-Type', mail('Content-Type: text/plain; charset=x(y)', '', 'x'), 'parameter_odd'],
    ['uuencode', mail('Content-Transfer-Encoding: x-uuencode', '', 'x'), 'encoding_unknown'],
    ['an encoded multipart', mail(MIXED, 'Content-Transfer-Encoding: base64', '', 'x'), 'encoding_unknown'],
    ['an unknown charset', mail('Content-Type: text/plain; charset=x-klingon', '', 'x'), 'charset_unknown'],
    ['UTF-7', mail('Content-Type: text/plain; charset=utf-7', '', 'x'), 'charset_unknown'],
    ['a header of a megabyte', mail(`Subject: ${'x'.repeat(1_000_000)}`, '', 'x'), 'header_too_large'],
    ['ten thousand header lines', mail(...Array.from({ length: 10_000 }, () => 'X: y'), '', 'x'), 'header_too_large'],
  ])('%s', (_name, raw, reason) => {
    expect(scanned(raw)).toBe(reason)
  })

  it('more parts than real mail has', () => {
    expect(scanned(mixedMail(Array.from({ length: PARTS_MAX + 1 }, () => textPart('x'))))).toBe('too_many_parts')
  })

  it('deeper nesting than real mail has', () => {
    let inner = textPart('x')
    for (let depth = 0; depth < 40; depth++) inner = multipart([], 'multipart/mixed', `b-${depth}`, [inner])
    expect(scanned(Buffer.from([...headerLines(), inner].join('\r\n')))).toBe('nested_too_deep')
  })
})

describe('body text', () => {
  const text = (lines: readonly string[], body: string | Uint8Array) => {
    const read = scanMessage(singleMail(lines, body))
    return isDeclined(read) ? read.declined : read.text
  }

  it.each([
    ['UTF-8', 'charset=utf-8', Buffer.from('Café'), 'Café'],
    ['windows-1252 declared as UTF-8', 'charset=utf-8', Buffer.from('Caf\xe9', 'latin1'), 'Café'],
    ['windows-1252 without a charset', 'x=y', Buffer.from('\x80 5', 'latin1'), '€ 5'],
    ['UTF-8 declared as ISO-8859-1', 'charset=iso-8859-1', Buffer.from('Café'), 'Café'],
    ['ISO-8859-7', 'charset=iso-8859-7', Buffer.from([0xe1, 0xe2]), 'αβ'],
    ['ISO-2022-JP', 'charset=iso-2022-jp', Buffer.from('\x1b$B2q5D\x1b(B', 'latin1'), '会議'],
    ['UTF-16', 'charset=utf-16le', Buffer.from('Café', 'utf16le'), 'Café'],
    ['a byte order mark', 'charset=utf-8', Buffer.from('\ufeffCafé'), 'Café'],
    [
      'two charsets on two lines',
      'charset=utf-8',
      Buffer.concat([Buffer.from('Café\n'), Buffer.from('Caf\xe9', 'latin1')]),
      'Café\nCafé',
    ],
    ['CRLF as LF', 'charset=utf-8', Buffer.from('a\r\nb'), 'a\nb'],
  ])('%s', (_name, parameter, body, expected) => {
    expect(text([`Content-Type: text/plain; ${parameter}`], body)).toBe(expected)
  })

  it('joins soft-broken lines of format=flowed, within one quote depth, and keeps the signature mark', () => {
    const flowed = ['One ', 'line', '> quoted ', '> more', '-- ', 'Ana', ' stuffed'].join('\r\n')
    expect(text(['Content-Type: text/plain; format=flowed'], flowed)).toBe('One line\n> quoted more\n-- \nAna\nstuffed')
  })

  it('deletes the joining space when delsp=yes', () => {
    expect(text(['Content-Type: text/plain; format=flowed; delsp=yes'], '会 \r\n議')).toBe('会議')
  })

  it('an attached text is no body', () => {
    const raw = mixedMail([
      textPart('body'),
      entity(['Content-Type: text/plain', 'Content-Disposition: attachment'], 'file'),
    ])
    expect(scanMessage(raw)).toMatchObject({ text: 'body' })
  })
})
