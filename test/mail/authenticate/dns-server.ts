import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { DnsZone } from './dns-zone.ts'

const TYPES: { readonly [code: number]: 'A' | 'TXT' | 'AAAA' } = { 1: 'A', 16: 'TXT', 28: 'AAAA' }
const NXDOMAIN = 3
const SERVFAIL = 2

/** A real name server on loopback, over UDP (RFC 1035 §4): what the zone says, NXDOMAIN, NODATA, SERVFAIL, or silence. */
export async function startDnsServer(zone: DnsZone): Promise<{ readonly address: string; close(): Promise<void> }> {
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const answer = answerTo(query, zone)
    if (answer !== undefined) socket.send(answer, from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  }
}

function answerTo(query: Buffer, zone: DnsZone): Buffer | undefined {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const question = query.subarray(12, at + 5)
  const type = TYPES[query.readUInt16BE(at + 1)]
  const records = zone[labels.join('.').toLowerCase()]
  const found = type === undefined ? undefined : records?.[type]
  if (found === 'timeout') return undefined
  if (found === 'servfail') return reply(query, question, SERVFAIL, [])
  if (records === undefined) return reply(query, question, NXDOMAIN, [])
  return reply(
    query,
    question,
    0,
    (found ?? []).map((value) => resource(type ?? 'A', value)),
  )
}

function reply(query: Buffer, question: Buffer, code: number, resources: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  // A response, recursion desired and available.
  header.writeUInt16BE(0x8180 | code, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(resources.length, 6)
  return Buffer.concat([header, question, ...resources])
}

function resource(type: 'A' | 'TXT' | 'AAAA', value: string): Buffer {
  const data = type === 'TXT' ? txtData(value) : Buffer.from(value.split('.').map(Number))
  const head = Buffer.alloc(12)
  // The name is a pointer to the question's.
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE({ A: 1, TXT: 16, AAAA: 28 }[type], 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function txtData(value: string): Buffer {
  const parts = value.match(/.{1,255}/gs) ?? []
  return Buffer.concat(parts.map((part) => Buffer.concat([Buffer.from([part.length]), Buffer.from(part, 'latin1')])))
}
