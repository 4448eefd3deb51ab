import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeText, mailtoOf, parameterValue, quoteParameter } from './escape.ts'
import { foldLine } from './fold.ts'

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', ';', ',', '\\', '\n', '"', '^', 'é', '漢', '😀'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
  maxLength: 300,
  size: 'max',
})

it('folds at 75 octets, cuts no character, and unfolds to the same line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', 'é', '漢', '😀', '🇪🇸'), maxLength: 400, size: 'max' }),
      (line) => {
        const folded = foldLine(line)
        const lines = folded.split('\r\n')
        expect(lines.pop()).toBe('')
        for (const each of lines) {
          expect(Buffer.byteLength(each)).toBeLessThanOrEqual(75)
          expect(each.isWellFormed()).toBe(true)
        }
        expect(folded.replaceAll('\r\n ', '')).toBe(`${line}\r\n`)
      },
    ),
  )
})

it('fills each line as far as whole characters allow', () => {
  expect(foldLine('x'.repeat(75))).toBe(`${'x'.repeat(75)}\r\n`)
  expect(foldLine('x'.repeat(76))).toBe(`${'x'.repeat(75)}\r\n x\r\n`)
  expect(foldLine(`${'x'.repeat(74)}é`)).toBe(`${'x'.repeat(74)}\r\n é\r\n`)
})

it('escapes TEXT and leaves no line break in it', () => {
  expect(escapeText('a;b,c\\d\r\ne\rf\u2028g\0h\x07')).toBe('a\\;b\\,c\\\\d\\ne\\nf\\ngh')
  fc.assert(
    fc.property(anyText, (text) => {
      expect(escapeText(text)).not.toMatch(/[\r\n\0\x85\u2028\u2029]/)
    }),
  )
})

it('encodes a parameter by RFC 6868 and leaves nothing that could end it', () => {
  expect(quoteParameter('Ana "Di^az"\nX')).toBe(`"Ana ^'Di^^az^'^nX"`)
  fc.assert(
    fc.property(anyText, (text) => {
      expect(quoteParameter(text).slice(1, -1)).not.toMatch(/["\r\n\0]/)
    }),
  )
})

it('quotes a zone name only when it must', () => {
  expect(parameterValue('America/Argentina/Buenos_Aires')).toBe('America/Argentina/Buenos_Aires')
  expect(parameterValue('Customized Time Zone')).toBe('Customized Time Zone')
  expect(parameterValue('(UTC+01:00) Madrid')).toBe('"(UTC+01:00) Madrid"')
})

it('percent-encodes in mailto what RFC 6068 asks for, and a plus never', () => {
  expect(mailtoOf('bob+tag@example.com')).toBe('mailto:bob+tag@example.com')
  expect(mailtoOf('a=b%c/d?e&f#g@example.com')).toBe('mailto:a%3Db%25c%2Fd%3Fe%26f%23g@example.com')
  expect(mailtoOf('"j..d"@example.com')).toBe('mailto:%22j..d%22@example.com')
  expect(mailtoOf('jös:é@example.com')).toBe('mailto:j%C3%B6s%3A%C3%A9@example.com')
})
