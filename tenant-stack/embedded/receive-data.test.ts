import { PassThrough, Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { receiveData, roomOf } from './receive-data.ts'

const chunks = (...sizes: readonly number[]) => Readable.from(sizes.map((size) => Buffer.alloc(size, 'x')))

it('gives a mail whole and its room back', async () => {
  const room = roomOf(100)
  expect(await receiveData(chunks(40, 60), 100, room)).toEqual({ kind: 'whole', raw: Buffer.alloc(100, 'x') })
  expect(room.take(100)).toBe(true)
})

it('reads an oversized mail to its end but keeps none of it', async () => {
  const room = roomOf(1000)
  const stream = chunks(60, 60, 60)
  expect(await receiveData(stream, 100, room)).toEqual({ kind: 'oversized' })
  expect(stream.readableEnded).toBe(true)
  expect(room.take(1000)).toBe(true)
})

it('has no room while other mails hold it, and has it again after', async () => {
  const room = roomOf(100)
  const slow = new PassThrough()
  const first = receiveData(slow, 100, room)
  slow.write(Buffer.alloc(70))
  await new Promise((resolve) => setImmediate(resolve))
  expect(await receiveData(chunks(40), 100, room)).toEqual({ kind: 'no_room' })
  slow.end()
  expect(await first).toMatchObject({ kind: 'whole' })
  expect(await receiveData(chunks(40), 100, room)).toMatchObject({ kind: 'whole' })
})

it('gives the room back of a mail that was cut off', async () => {
  const room = roomOf(100)
  const cut = new PassThrough()
  const received = receiveData(cut, 100, room)
  cut.write(Buffer.alloc(70))
  await new Promise((resolve) => setImmediate(resolve))
  cut.destroy(new Error('connection reset'))
  expect(await received).toEqual({ kind: 'broken' })
  expect(room.take(100)).toBe(true)
})
