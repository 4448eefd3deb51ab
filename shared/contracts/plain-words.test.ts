import { describe, expect, it } from 'vitest'
import { PlainWords } from './plain-words.ts'

const seen = ['Acme', 'Société Générale', 'Ĳzer & Söhne', '株式会社', 'عکس فوری', 'Ann 🚀', 'O’Neil', 'e\u0301']
const unseen: readonly (readonly [string, string])[] = [
  ['a line break', 'Ac\nme'],
  ['DEL', 'Ac\u007fme'],
  ['a C1 control', 'Ac\u0085me'],
  ['a right-to-left override', 'Ac\u202eme'],
  ['an isolate', 'Ac\u2066me'],
  ['a right-to-left mark', 'Acme\u200f!'],
  ['an Arabic letter mark', 'Ac\u061cme'],
  ['a zero-width space', 'Ac\u200bme'],
  ['a zero-width joiner', 'Ac\u200dme'],
  ['a word joiner', 'Ac\u2060me'],
  ['a byte order mark', 'Ac\ufeffme'],
  ['a soft hyphen', 'Ac\u00adme'],
  ['a line separator', 'Ac\u2028me'],
  ['a variation selector', 'Acme\ufe0f'],
  ['a Hangul filler', '\u3164'],
  ['a tag', 'Acme\u{e0041}'],
  ['half a pair', 'Ac\ud800me'],
  ['the blank of Braille', '\u2800'],
]

describe('words that people choose', () => {
  it.each(seen)('takes %s', (words) => {
    expect(PlainWords.parse(` ${words} `)).toBe(words)
  })

  it.each(unseen)('refuses %s, and says why', (_, words) => {
    const { error } = PlainWords.safeParse(words)
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining('invisible characters')])
  })
})
