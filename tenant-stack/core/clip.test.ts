import fc from 'fast-check'
import { expect, it } from 'vitest'
import { clip } from './clip.ts'

it('leaves a short text alone and cuts a long one', () => {
  expect(clip('abc', 3)).toBe('abc')
  expect(clip('abcd', 3)).toBe('abc')
})

it('never ends in half a letter', () => {
  expect(clip('ab😀', 3)).toBe('ab')
  expect(clip('ab😀', 4)).toBe('ab😀')
})

it('is always well formed, no longer than asked, and the beginning of what it was given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, charsMax) => {
      const clipped = clip(text, charsMax)
      expect(clipped.isWellFormed() && clipped.length <= charsMax && text.startsWith(clipped)).toBe(true)
    }),
  )
  expect(clip('\ud83dx', 5).isWellFormed()).toBe(true)
})
