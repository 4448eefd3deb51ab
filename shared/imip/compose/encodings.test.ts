import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { base64Lines, base64LinesLength, writeBase64Lines } from './base64.ts'
import { mailAddress } from './mail-address.ts'
import { quotedPrintable } from './quoted-printable.ts'

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', '=', ' ', '\t', '\n', '\r\n', '.', 'é', '漢', '😀', '\r'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 300,
  size: 'max',
})

describe('quoted-printable', () => {
  it('is read back, in lines of at most 76 octets, none ending in white space', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const encoded = quotedPrintable(value)
        for (const each of encoded.split('\r\n')) {
          expect(each.length).toBeLessThanOrEqual(76)
          expect(each).toMatch(/^(?:[\t\x20-\x7e]*[\x21-\x7e])?$/)
        }
        const mail = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${encoded}`
        const expected = value
          .toWellFormed()
          .replaceAll('\0', '')
          .replace(/\r\n|\r/g, '\n')
        expect(((await PostalMime.parse(mail)).text ?? '').replace(/\n$/, '')).toBe(expected.replace(/\n$/, ''))
      }),
      { numRuns: 300 },
    )
  })

  it('leaves room for a soft break behind a text that goes on', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', ' ', 'é'), maxLength: 400, size: 'max' }), (value) => {
        for (const each of quotedPrintable(value, true).split('\r\n'))
          expect(`${each.replace(/=$/, '')}=`.length).toBeLessThanOrEqual(76)
      }),
    )
  })
})

describe('base64', () => {
  it('written into place equals the plain encoder, in lines of 76', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400, size: 'max' }), fc.nat(5), (octets, from) => {
        const triples = octets.subarray(0, octets.length - (octets.length % 3))
        const padded = Buffer.concat([Buffer.alloc(from, 1), triples])
        const out = Buffer.alloc(1000)
        const end = writeBase64Lines(out, 7, padded, from, padded.length)
        expect(out.toString('latin1', 7, end)).toBe(base64Lines(triples))
        expect(end - 7).toBe(base64LinesLength(triples.length))
        expect(Buffer.from(base64Lines(octets), 'base64')).toEqual(Buffer.from(octets))
      }),
    )
  })
})

describe('an address', () => {
  it.each([
    ['bob@example.com', 'bob@example.com'],
    ['Bob.O+tag@EXAMPLE.com', 'Bob.O+tag@example.com'],
    ['bob@münchen.example', 'bob@xn--mnchen-3ya.example'],
    ['a..b@example.com', '"a..b"@example.com'],
    ['"john doe"@example.com', '"john doe"@example.com'],
    [`${'x'.repeat(64)}@example.com`, `${'x'.repeat(64)}@example.com`],
    ["!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"],
    ['bob@localhost', 'bob@localhost'],
  ])('%s is written %s', (given, written) => {
    expect(mailAddress(given)).toBe(written)
  })

  it.each([
    '',
    '@',
    'bob',
    'bob@',
    '@example.com',
    'bob@exa mple.com',
    'bob @example.com',
    'bób@example.com',
    'bob@[127.0.0.1]',
    'bob@127.0.0.1',
    'bob@-a.example',
    'bob@a..example',
    'bob@.example',
    'bob@example.',
    '<bob@example.com>',
    'Bob <bob@example.com>',
    'a,b@example.com',
    'bob@example.com, eve@example.org',
    'bob@evil.example#.example.com',
    'bob@a/b.example',
    'bob@a%2eb.example',
    '"a"b"@example.com',
    '"a\\"@example.com',
    `${'x'.repeat(65)}@example.com`,
    `bob@${'a.'.repeat(127)}example`,
    'bob@example.com\r\nBcc: eve@example.org',
    'b\0b@example.com',
  ])('%j is refused', (address) => {
    expect(() => mailAddress(address)).toThrow(/^address /)
  })
})
