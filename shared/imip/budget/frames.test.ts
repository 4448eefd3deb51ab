import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFrameReader, frameHeader } from './frames.ts'

it('puts frames together however the stream was cut', () => {
  const frame = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 300 }))
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 40 })), (sent, cuts) => {
      const stream = Buffer.concat(sent.flatMap(([kind, payload]) => [frameHeader(kind, payload.length), payload]))
      const reader = createFrameReader(1000)
      const got: [number, number[]][] = []
      let at = 0
      for (let turn = 0; at < stream.length; turn += 1) {
        const end = at + (cuts[turn % Math.max(1, cuts.length)] ?? stream.length)
        const frames = reader.push(stream.subarray(at, end))
        if (frames === 'too_large') throw new Error('no frame here is too large')
        got.push(...frames.map(({ kind, payload }): [number, number[]] => [kind, [...payload]]))
        at = end
      }
      expect(got).toEqual(sent.map(([kind, payload]) => [kind, [...payload]]))
      expect(reader.isMidFrame()).toBe(false)
    }),
  )
})

it('says that a frame is under way, and refuses one that would be too large before it has come', () => {
  const reader = createFrameReader(10)
  expect(reader.push(Buffer.from([2]))).toEqual([])
  expect(reader.isMidFrame()).toBe(true)
  expect(createFrameReader(10).push(frameHeader(2, 11))).toBe('too_large')
})
