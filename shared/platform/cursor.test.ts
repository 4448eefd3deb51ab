import { expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

const scope = ['tenant-a', 'rows']

it('gives back the position it was made of, in its own scope alone', () => {
  const cursor = encodeCursor(scope, ['a', 'b'])
  expect(decodeCursor(scope, 2, cursor)).toEqual(['a', 'b'])
  expect(decodeCursor(['tenant-b', 'rows'], 2, cursor)).toBeUndefined()
  expect(decodeCursor(scope, 1, cursor)).toBeUndefined()
})

it('is written in one way: neither a dangling character nor spare bits are read over', () => {
  for (const position of ['a', 'ab', 'abc', 'abcd']) {
    const cursor = encodeCursor(scope, [position])
    for (const character of 'AZaz09_-') {
      expect(decodeCursor(scope, 1, cursor + character)).toBeUndefined()
      const changed = cursor.slice(0, -1) + character
      if (changed !== cursor) expect(decodeCursor(scope, 1, changed)).toBeUndefined()
    }
  }
})
