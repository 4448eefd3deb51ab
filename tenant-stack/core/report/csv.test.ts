import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { BYTE_ORDER_MARK, csvRecord } from './csv.ts'

const readBack = (text: string) =>
  z.array(z.array(z.string())).parse(parse(text, { bom: true, record_delimiter: '\r\n' }))

describe('a record', () => {
  for (const [said, cell, written] of [
    ['a plain word as it is', 'Bob', 'Bob'],
    ['an empty cell as nothing', '', ''],
    ['a comma in quotes', 'Ng, Bob', '"Ng, Bob"'],
    ['a semicolon in quotes, for readers who part by it', 'a;b', '"a;b"'],
    ['quotes twice', 'the "B" team', '"the ""B"" team"'],
    ['several lines in one cell', 'one\ntwo\r\nthree', '"one\ntwo\r\nthree"'],
    ['white space at the ends in quotes', ' Bob ', '" Bob "'],
    ['letters of every script', 'Zoë 张伟 محمد 👩🏽‍💻', 'Zoë 张伟 محمد 👩🏽‍💻'],
    ['no NUL and no bell', 'B\u0000o\u0007b', 'Bob'],
    ['half a character as its replacement', 'B\ud83d', 'B\ufffd'],
  ] as const)
    it(`writes ${said}`, () => expect(csvRecord([cell])).toBe(`${written}\r\n`))

  for (const cell of [
    '=1+1',
    '=HYPERLINK("https://example.org","x")',
    '+15551234567',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '\u200b=1',
    '\ufeff=1',
    '\u00a0+1',
    '\u0000=1',
    '＝1',
    '＋1',
    '－1',
    '＠SUM(A1)',
    '﹣1',
    '﹦1',
    '\u22121',
    '=bob@example.org',
    "+o'brien@example.org",
  ])
    it(`says of ${JSON.stringify(cell)} that it is text`, () => expect(csvRecord([cell])).toMatch(/^"?'/))

  for (const cell of ['bob+x@example.org', 'a=b', "'quoted'", '2026-11-23T09:00:00.000Z', '1-2', 'ok @ 5'])
    it(`leaves ${cell} alone`, () => expect(csvRecord([cell])).toBe(`${cell}\r\n`))

  it('comes back cell by cell through another reader, whatever is in it', () => {
    const cells = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 4 }), (records) => {
        for (const record of records) {
          const [read] = readBack(BYTE_ORDER_MARK + csvRecord(record))
          expect(read).toHaveLength(record.length)
          for (const [at, cell] of record.entries()) {
            const plain = cell.toWellFormed().replaceAll(/[^\P{Cc}\t\r\n]/gu, '')
            expect([plain, `'${plain}`]).toContain(read?.[at])
            expect(read?.[at]).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u)
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})
