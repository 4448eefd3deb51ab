import { expect, it } from 'vitest'
import { csvLine } from './csv.ts'

it('quotes what would end a cell, and leads what a spreadsheet would run with an apostrophe', () => {
  expect(csvLine(['plain', 1, undefined, 'a,b', 'say "x"', 'two\nlines'])).toBe(
    'plain,1,,"a,b","say ""x""","two\nlines"\r\n',
  )
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1']) expect(csvLine([formula])).toMatch(/^"?'/)
})
