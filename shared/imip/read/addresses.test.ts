import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseByLibrary, parsePlain } from './addresses.ts'

const LETTERS = Array.from("ab1 ._=?+-/*',:;@()&!#")
const word = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 12 })
const local = fc.string({ unit: fc.constantFrom(...Array.from('aB1._+-=')), minLength: 1, maxLength: 8 })
const domain = fc.string({ unit: fc.constantFrom(...Array.from('aB1.-')), minLength: 1, maxLength: 10 })
const address = fc.tuple(local, domain).map(([name, host]) => `${name}@${host}`)
const field = fc.oneof(
  address,
  address.map((one) => `<${one}>`),
  fc.tuple(word, address).map(([name, one]) => `${name} <${one}>`),
  fc.tuple(word, address).map(([name, one]) => `"${name}" <${one}>`),
)

describe('a plain mailbox', () => {
  it.each([
    ['bare', 'create@events.example.com', '', 'create@events.example.com'],
    ['named', 'Ana Diaz <ana@example.com>', 'Ana Diaz', 'ana@example.com'],
    ['a comma in quotes', '"Diaz, Ana" <ana@example.com>', 'Diaz, Ana', 'ana@example.com'],
    ['an address in quotes', '"boss@example.org" <ana@example.com>', 'boss@example.org', 'ana@example.com'],
  ])('%s is read without the library', (_name, value, name, mailbox) => {
    expect(parsePlain(value)).toEqual([{ name, address: mailbox }])
  })

  it.each([
    ['a comma outside quotes', 'Diaz, Ana <ana@example.com>'],
    ['a comment', 'ana@example.com (Ana)'],
    ['a list', 'a@example.com, b@example.com'],
    ['a second angle', '"a" <a@example.com> <b@example.com>'],
    ['an escaped quote', String.raw`"a\"b" <a@example.com>`],
  ])('%s is left to the library', (_name, value) => {
    expect(parsePlain(value)).toBeUndefined()
  })

  it('says what the library says', () => {
    fc.assert(
      fc.property(field, (value) => {
        const plain = parsePlain(value)
        if (plain !== undefined) {
          const library = parseByLibrary(value).map(({ name, address: mailbox }) => ({ name, address: mailbox }))
          expect(plain).toEqual(library)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
