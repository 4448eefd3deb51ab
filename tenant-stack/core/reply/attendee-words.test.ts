import { expect, it } from 'vitest'
import { attendeeWords, WORDS_CHARS_MAX } from './attendee-words.ts'

it.each([
  ['  I come later.\r\nBob ', 'I come later.\nBob'],
  ['line\rline\tand\u0000 more\u0007\u001b[31m', 'line\nline\tand more[31m'],
  ['pay to \u202egro.elpmaxe\u202c', 'pay to gro.elpmaxe'],
  ['\u2066a\u2069\u2028b\u0085c', 'abc'],
  ['Zażółć 🙂', 'Zażółć 🙂'],
  [' \r\n\t ', undefined],
  [undefined, undefined],
])('%j is shown as %j', (text, shown) => {
  expect(attendeeWords(text)).toBe(shown)
})

it('is cut to its limit, never inside a letter', () => {
  expect(attendeeWords('x'.repeat(WORDS_CHARS_MAX + 1))).toHaveLength(WORDS_CHARS_MAX)
  const cut = attendeeWords(`${'x'.repeat(WORDS_CHARS_MAX - 1)}🙂`)
  expect(cut).toBe('x'.repeat(WORDS_CHARS_MAX - 1))
})
