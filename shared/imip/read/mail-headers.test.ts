import { describe, expect, it } from 'vitest'
import { addressesOf } from './addresses.ts'
import { decodeWords } from './encoded-words.ts'
import { mailDate } from './mail-date.ts'
import { readMailHeaders } from './mail-headers.ts'
import { parseStructured } from './parameters.ts'

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

describe('encoded words', () => {
  it.each([
    ['none', 'Planning', 'Planning'],
    ['Q with underscore', '=?utf-8?Q?Caf=C3=A9_time?=', 'Café time'],
    ['B', '=?UTF-8?B?Q2Fmw6k=?=', 'Café'],
    ['blanks between two words vanish', '=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
    ['blanks between a word and text stay', '=?utf-8?Q?a?= b', 'a b'],
    ['a letter split between words', '=?utf-8?Q?Caf=C3?= =?utf-8?Q?=A9?=', 'Café'],
    ['a letter split between padded B words', '=?utf-8?B?Q2Fmww==?= =?utf-8?B?qQ==?=', 'Café'],
    ['two charsets', '=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A9?=', 'éé'],
    ['a language tag', '=?utf-8*en?Q?a?=', 'a'],
    ['UTF-8 under a false name', '=?iso-8859-1?Q?=C3=A9?=', 'é'],
    ['UTF-7 is not decoded', '=?utf-7?Q?+ADw-b?=', '+ADw-b'],
    ['an unknown encoding stays', '=?utf-8?X?a?=', '=?utf-8?X?a?='],
    ['an unfinished word stays', '=?utf-8?Q?abc', '=?utf-8?Q?abc'],
    ['raw UTF-8 (RFC 6532)', latin1('Café'), 'Café'],
    ['raw windows-1252', 'Caf\xe9', 'Café'],
    ['ISO-2022-JP', '=?ISO-2022-JP?B?GyRCMnE1RBsoQg==?=', '会議'],
  ])('%s', (_name, value, expected) => {
    expect(decodeWords(value)).toBe(expected)
  })

  it('a megabyte of word starts takes no longer than reading it', () => {
    const value = '=?a?Q?'.repeat(170_000)
    expect(decodeWords(value)).toBe(value)
  })
})

describe('parameters', () => {
  it.each([
    ['quoted', 'text/calendar; method="REQUEST"', { method: 'REQUEST' }],
    ['token, odd spacing', 'text/calendar ;charset = utf-8;', { charset: 'utf-8' }],
    ['escaped quote', String.raw`a/b; name="a\"b.ics"`, { name: 'a"b.ics' }],
    ['RFC 2231', "a/b; filename*=utf-8''caf%C3%A9.ics", { filename: 'café.ics' }],
    [
      'RFC 2231 continued',
      "a/b; filename*0*=utf-8''caf; filename*1*=%C3%A9; filename*2=.ics",
      { filename: 'café.ics' },
    ],
    ['RFC 2231 wins over the plain name', "a/b; filename=x.ics; filename*=utf-8''y.ics", { filename: 'y.ics' }],
    ['RFC 2047 in a name', 'a/b; name="=?utf-8?Q?caf=C3=A9.ics?="', { name: 'café.ics' }],
    ['a semicolon inside quotes', 'a/b; name="x;y"', { name: 'x;y' }],
  ])('%s', (_name, text, expected) => {
    expect(Object.fromEntries(parseStructured(text)?.parameters ?? [])).toEqual(expected)
  })

  it.each([
    ['a repeated parameter', 'a/b; boundary=x; boundary=y'],
    ['a parameter without value', 'a/b; charset'],
    ['an open quote', 'a/b; name="x'],
    ['junk after a quoted value', 'a/b; boundary="x"y'],
    ['a comment', 'a/b; boundary=x(y)'],
    ['a gap in the numbering', "a/b; filename*0*=utf-8''a; filename*2=b"],
    ['an encoded boundary', "a/b; boundary*=utf-8''x"],
    ['no type', '; boundary=x'],
  ])('leaves %s to the fallback reader', (_name, text) => {
    expect(parseStructured(text)).toBeUndefined()
  })
})

describe('addresses', () => {
  const from = (...values: readonly string[]) =>
    addressesOf(
      values.map((value) => ({ name: 'from', value })),
      'from',
    )

  it.each([
    ['bare', 'ana@EXAMPLE.com', [{ address: 'ana@example.com' }]],
    ['named', 'Ana Diaz <Ana@example.com>', [{ address: 'Ana@example.com', name: 'Ana Diaz' }]],
    ['quoted comma', '"Diaz, Ana" <ana@example.com>', [{ address: 'ana@example.com', name: 'Diaz, Ana' }]],
    ['encoded name', '=?utf-8?Q?Zo=C3=AB?= <zoe@example.com>', [{ address: 'zoe@example.com', name: 'Zoë' }]],
    ['a list', 'a@example.com, b@example.com', [{ address: 'a@example.com' }, { address: 'b@example.com' }]],
    ['a group', 'Team: a@example.com, b@example.com;', [{ address: 'a@example.com' }, { address: 'b@example.com' }]],
    ['an empty group', 'undisclosed-recipients:;', []],
    [
      'an address posing as a name',
      '"boss@example.org" <x@example.com>',
      [{ address: 'x@example.com', name: 'boss@example.org' }],
    ],
    [
      'an encoded word is no address',
      '=?utf-8?Q?a=40example.org?=@example.com',
      [{ address: '=?utf-8?Q?a=40example.org?=@example.com' }],
    ],
    ['a name alone', 'Bob', [{ address: '', name: 'Bob' }]],
    [
      'two angles in one mailbox show as two',
      '<a@example.com> <b@example.org>',
      [{ address: 'a@example.com', name: 'b@example.org' }, { address: '' }],
    ],
  ])('%s', (_name, value, expected) => {
    expect(from(value)).toEqual(expected)
  })

  it('shows the mailboxes of every From field', () => {
    expect(from('a@example.com', 'b@example.org')).toEqual([{ address: 'a@example.com' }, { address: 'b@example.org' }])
  })
})

describe('Date', () => {
  it.each([
    ['Fri, 20 Feb 2026 10:15:00 +0100', '2026-02-20T09:15:00Z'],
    ['20 Feb 2026 09:15 GMT', '2026-02-20T09:15:00Z'],
    ['Fri, 20 Feb 2026 01:15:00 -0800 (PST)', '2026-02-20T09:15:00Z'],
    ['Fri, 20 Feb 26 04:15:00 EST', '2026-02-20T09:15:00Z'],
    ['Fri,  20 Feb 2026 09:15:00', '2026-02-20T09:15:00Z'],
  ])('%s', (value, expected) => {
    expect(mailDate(value)).toBe(Date.parse(expected))
  })

  it.each(['', 'yesterday', '20 Foo 2026 10:00:00 +0000', '99 Feb 2026 10:00:00 +0000'])('%j is no date', (value) => {
    expect(mailDate(value)).toBeUndefined()
  })
})

describe('marks of machines', () => {
  const read = (...lines: readonly string[]) =>
    readMailHeaders(
      lines.map((line) => ({
        name: line.slice(0, line.indexOf(':')).toLowerCase(),
        value: line.slice(line.indexOf(':') + 1).trim(),
      })),
    )

  it.each([
    ['Auto-Submitted: auto-replied; owner-email=a@example.com', true],
    ['Auto-Submitted: auto-generated', false],
    ['X-Autoreply: yes', true],
    ['X-Autorespond: Away until Monday', true],
    ['Precedence: auto_reply', true],
    ['X-Autoreply: no', false],
  ])('%s → automatic reply %s', (line, expected) => {
    expect(read(line).isAutoReply).toBe(expected)
  })

  it('keeps the keyword of Auto-Submitted and Precedence', () => {
    expect(read('Auto-Submitted: Auto-Replied; x=y', 'Precedence: Bulk')).toMatchObject({
      autoSubmitted: 'auto-replied',
      precedence: 'bulk',
    })
  })

  it.each([
    ['List-Id: <team.example.org>', true],
    ['List-Unsubscribe: <mailto:u@example.org>', true],
    ['Precedence: list', true],
    ['Precedence: bulk', false],
  ])('%s → list mail %s', (line, expected) => {
    expect(read(line).isListMail).toBe(expected)
  })

  it.each([
    ['Return-Path: <>', ''],
    ['Return-Path: <ana@example.com>', 'ana@example.com'],
  ])('%s', (line, expected) => {
    expect(read(line).returnPath).toBe(expected)
  })
})
