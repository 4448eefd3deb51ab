import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodedSize, decodeTransfer } from './transfer-encoding.ts'

function decoded(text: string, encoding: 'base64' | 'quoted-printable'): string {
  return decodeTransfer(Buffer.from(text, 'latin1'), encoding).toString('latin1')
}

describe('base64', () => {
  it.each([
    ['plain', 'YWJj', 'abc'],
    ['line ends inside', 'YW\r\nJj\r\n', 'abc'],
    ['no padding', 'YWI', 'ab'],
    ['junk between', 'Y!W*J j', 'abc'],
    ['the URL alphabet is junk here', 'YW-Jj_', 'abc'],
    ['each line padded by itself', 'YQ==\r\nYmM=\r\n', 'abc'],
    ['padding alone', '====', ''],
    ['a lone letter is no byte', 'YWJjZ', 'abc'],
    ['8-bit bytes are junk', 'YW\xe9Jj', 'abc'],
  ])('%s', (_name, text, expected) => {
    expect(decoded(text, 'base64')).toBe(expected)
  })

  it('counts without decoding what decoding yields, for any bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('A', 'z', '9', '+', '/', '=', '\r\n', ' ', '!', '-') }), (text) => {
        const bytes = Buffer.from(text, 'latin1')
        expect(decodedSize(bytes, 'base64')).toBe(decodeTransfer(bytes, 'base64').length)
      }),
    )
  })
})

describe('quoted-printable', () => {
  it.each([
    ['an escape', 'a=3Db', 'a=b'],
    ['lower-case hexadecimal', 'caf=c3=a9', 'caf\xc3\xa9'],
    ['soft break', 'ab=\r\nc', 'abc'],
    ['soft break with LF', 'ab=\nc', 'abc'],
    ['soft break with blanks before the line end', 'ab= \t\r\nc', 'abc'],
    ['blanks at a line end are padding', 'ab \t\r\nc', 'ab\r\nc'],
    ['an encoded blank at a line end is text', 'ab=20\r\nc', 'ab \r\nc'],
    ['a blank before a soft break is text', 'ab =\r\nc', 'ab c'],
    ['a blank before a soft break and an empty line', 'ab =\r\n\r\nc', 'ab \r\nc'],
    ['an equals sign that escapes nothing', 'a=zz', 'a=zz'],
    ['an equals sign at the very end', 'ab=', 'ab'],
    ['half an escape at the end', 'ab=4', 'ab=4'],
    ['blanks at the very end', 'ab  ', 'ab'],
  ])('%s', (_name, text, expected) => {
    expect(decoded(text, 'quoted-printable')).toBe(expected)
  })

  it('gives back what it was made from', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Array.from(bytes, (byte) => '=' + byte.toString(16).padStart(2, '0')).join('=\r\n')
        expect(decodeTransfer(Buffer.from(text), 'quoted-printable')).toEqual(Buffer.from(bytes))
      }),
    )
  })
})

it('a limited look yields the beginning of the whole', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.constantFrom('base64', 'quoted-printable', 'identity'),
      fc.nat(64),
      (text, encoding, limit) => {
        const bytes = Buffer.from(
          encoding === 'base64' ? Buffer.from(text).toString('base64') : text.replaceAll(/[= \t]/g, '.'),
        )
        const whole = decodeTransfer(bytes, encoding)
        expect(decodeTransfer(bytes, encoding, limit)).toEqual(whole.subarray(0, limit))
      },
    ),
  )
})

it('an identity body is a view of the mail, not a copy', () => {
  const bytes = Buffer.from('abc')
  expect(decodeTransfer(bytes, 'identity').buffer).toBe(bytes.buffer)
})
