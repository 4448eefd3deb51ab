import { expect, it } from 'vitest'
import { createSeededRandom } from '#test/harness/platform/seeded-random.ts'
import type { DnsRecord } from '../lookups.ts'
import { isPacketName, readPacket, writeAnswer, writeQuestion } from './dns-packet.ts'
import { createFrameReader, frameOf } from './tcp-frame.ts'

const records: readonly DnsRecord[] = [
  { name: 'a.example.com', type: 'A', ttlSeconds: 300, value: '192.0.2.1' },
  { name: 'a.example.com', type: 'AAAA', ttlSeconds: 300, value: '2001:db8::1' },
  { name: 'a.example.com', type: 'CNAME', ttlSeconds: 1, value: 'b.example.com' },
  { name: 'a.example.com', type: 'NS', ttlSeconds: 300, value: 'ns.example.org' },
  { name: 'a.example.com', type: 'MX', ttlSeconds: 300, value: '10 mail.example.org' },
  { name: 'a.example.com', type: 'TXT', ttlSeconds: 300, value: 'ü'.repeat(200) },
  { name: 'a.example.com', type: 'CAA', ttlSeconds: 300, value: '0 issue "amazon.com; a=b"' },
  { name: 'a.example.com', type: 'DS', ttlSeconds: 300, value: '1 8 2 00ff' },
  { name: 'example.com', type: 'SOA', ttlSeconds: 60, value: 'ns.example.org hostmaster.example.com 1 2 3 4 5' },
]

function answerPacket(): Uint8Array {
  const asked = readPacket(writeQuestion(4711, { name: 'a.example.com', type: 'TXT' }, { isRecursive: true }))
  if (asked === undefined) throw new Error('a question that cannot be read back')
  return writeAnswer(asked, {
    rcode: 0,
    isAuthoritative: true,
    answers: records,
    authority: records.slice(3, 4),
    additional: records.slice(0, 1),
  })
}

it('reads back what it wrote', () => {
  const packet = readPacket(answerPacket())
  expect(packet).toMatchObject({
    packetId: 4711,
    isAnswer: true,
    isAuthoritative: true,
    isTruncated: false,
    rcode: 0,
    question: { name: 'a.example.com', type: 'TXT' },
    udpBytesMax: 1232,
  })
  expect(packet?.answers).toEqual(records)
  expect(packet?.authority).toEqual(records.slice(3, 4))
  expect(packet?.additional).toEqual(records.slice(0, 1))
})

it('reads header and question of an answer that was cut in the middle of a record', () => {
  const whole = answerPacket()
  const cut = Uint8Array.from(whole.subarray(0, 80))
  expect(readPacket(cut)).toBeUndefined()
  cut[2] = (cut[2] ?? 0) | 0x02
  expect(readPacket(cut)).toMatchObject({ packetId: 4711, isTruncated: true, answers: [] })
})

it('throws for none of 2,000 mutated and made-up packets', () => {
  const random = createSeededRandom(20260302)
  const whole = answerPacket()
  let unreadable = 0
  for (let n = 0; n < 2000; n += 1) {
    const isMadeUp = n % 5 === 4
    const bytes = isMadeUp
      ? Uint8Array.from({ length: random.below(600) }, () => random.below(256))
      : Uint8Array.from(whole.subarray(0, n % 5 === 3 ? random.below(whole.length) : whole.length))
    const flips = isMadeUp ? 0 : 1 + random.below(8)
    for (let flip = 0; flip < flips; flip += 1) bytes[random.below(bytes.length)] = random.below(256)
    const packet = readPacket(bytes)
    if (packet === undefined) unreadable += 1
    else for (const record of packet.answers) expect(typeof record.value).toBe('string')
  }
  expect(unreadable).toBeGreaterThan(200)
  expect(unreadable).toBeLessThan(1900)
})

it('is not led round in circles by compressed names', () => {
  const bytes = Uint8Array.from(writeQuestion(1, { name: 'example.com', type: 'A' }, { isRecursive: true }))
  bytes[12] = 0xc0
  bytes[13] = 0x0c
  expect(readPacket(bytes)).toBeUndefined()
})

it('knows names that fit', () => {
  for (const name of ['', 'com', `${'x'.repeat(63)}.example.com`, '*.example.com'])
    expect(isPacketName(name)).toBe(true)
  for (const name of ['a..b', '.com', `${'x'.repeat(64)}.com`, 'ab.'.repeat(85)]) expect(isPacketName(name)).toBe(false)
})

it('puts TCP frames together whatever the chunks are', () => {
  const random = createSeededRandom(7)
  const packets = [3, 0, 1, 700, 12].map((length, at) => new Uint8Array(length).fill(at))
  const stream = Buffer.concat(packets.map((packet) => frameOf(packet)))
  for (let round = 0; round < 50; round += 1) {
    const frames = createFrameReader()
    const got: Uint8Array[] = []
    for (let at = 0; at < stream.length; ) {
      const end = at + 1 + random.below(20)
      got.push(...frames.take(stream.subarray(at, end)))
      at = end
    }
    expect(got.map((frame) => [...frame])).toEqual(packets.map((packet) => [...packet]))
  }
})
