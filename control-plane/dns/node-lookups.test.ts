import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LocalDns, openLocalDns } from '#test/harness/dns/local-dns.ts'
import type { LookupResult, RecordType } from './lookups.ts'
import { readPacket, writeAnswer } from './packet/dns-packet.ts'

let local: LocalDns
beforeEach(async () => {
  local = await openLocalDns()
})
afterEach(() => local.close())

function ask(name: string, type: RecordType): Promise<LookupResult> {
  return local.lookups.ask(local.zone.resolver, { name, type }, { isRecursive: true })
}

it('reads every type as it was entered', async () => {
  const values: readonly (readonly [RecordType, string])[] = [
    ['A', '192.0.2.7'],
    ['AAAA', '2001:db8::7'],
    ['MX', '10 mail.example.com'],
    ['TXT', 'v=spf1 include:amazonses.com ~all'],
    ['CAA', '0 issue "amazon.com"'],
    ['DS', '4711 13 2 a1b2c3d4'],
    ['CAA', '128 issuewild ";"'],
  ]
  for (const [type, value] of values) await local.enter('all.example.com', type, value)
  await local.enter('alias.example.com', 'CNAME', 'All.Example.COM.')
  for (const [type, value] of values.slice(0, 4))
    expect(await ask('ALL.example.com', type)).toMatchObject({
      rcode: 0,
      answers: [{ name: 'all.example.com', type, ttlSeconds: 300, value }],
    })
  const caa = await ask('all.example.com', 'CAA')
  expect(caa.kind === 'answered' ? caa.answers.map((record) => record.value).toSorted() : []).toEqual([
    '0 issue "amazon.com"',
    '128 issuewild ";"',
  ])
  expect(await ask('all.example.com', 'DS')).toMatchObject({ answers: [{ value: '4711 13 2 a1b2c3d4' }] })
  expect(await ask('alias.example.com', 'A')).toMatchObject({
    answers: [
      { name: 'alias.example.com', type: 'CNAME', value: 'all.example.com' },
      { name: 'all.example.com', type: 'A', value: '192.0.2.7' },
    ],
  })
})

it('tells no such name, nothing of the type, and nothing of ours apart', async () => {
  await local.enter('there.example.com', 'A', '192.0.2.7')
  expect(await ask('there.example.com', 'MX')).toMatchObject({ rcode: 0, answers: [], authority: [{ type: 'SOA' }] })
  expect(await ask('gone.example.com', 'MX')).toMatchObject({ rcode: 3, authority: [{ type: 'SOA' }] })
  expect(await ask('com', 'NS')).toMatchObject({ rcode: 0, answers: [] })
  const refused = await local.lookups.ask(
    local.zone.hostedServer,
    { name: 'example.org', type: 'A' },
    { isRecursive: false },
  )
  expect(refused).toMatchObject({ kind: 'answered', rcode: 5 })
})

it('asks by TCP for what does not fit into a datagram', async () => {
  for (let n = 0; n < 12; n += 1) await local.enter('many.example.com', 'TXT', `${n} ${'x'.repeat(300)}`)
  const result = await ask('many.example.com', 'TXT')
  expect(result.kind === 'answered' ? result.answers.length : 0).toBe(12)
  expect(result.kind === 'answered' ? result.answers.every((record) => record.value.length > 300) : false).toBe(true)
  expect(local.asked().map(({ transport }) => transport)).toEqual(['udp', 'tcp'])
})

it('asks by TCP when a short answer says that it is truncated', async () => {
  await local.enter('short.example.com', 'A', '192.0.2.7')
  local.fail({ fault: 'truncated', transport: 'udp' })
  expect(await ask('short.example.com', 'A')).toMatchObject({ answers: [{ value: '192.0.2.7' }] })
  local.fail({ fault: 'truncated' })
  expect(await ask('short.example.com', 'A')).toEqual({ kind: 'failed', reason: 'malformed' })
})

it('tries once more when the first answer is lost', async () => {
  await local.enter('lost.example.com', 'A', '192.0.2.7')
  local.fail({ fault: 'silent', times: 1 })
  expect(await ask('lost.example.com', 'A')).toMatchObject({ answers: [{ value: '192.0.2.7' }] })
  local.fail({ fault: 'silent' })
  expect(await ask('lost.example.com', 'A')).toEqual({ kind: 'failed', reason: 'time_out' })
})

it('is told of a server that is not there', async () => {
  const { resolver } = local.zone
  await local.zone.close()
  const result = await local.lookups.ask(resolver, { name: 'example.com', type: 'A' }, { isRecursive: true })
  expect(result).toEqual({ kind: 'failed', reason: 'unreachable' })
  local = await openLocalDns()
})

it('passes over answers with another id and what is no packet', async () => {
  local.fail({ fault: 'foreign_id' })
  expect(await ask('example.com', 'NS')).toEqual({ kind: 'failed', reason: 'time_out' })
  local.fail({ fault: 'garbage' })
  expect(await ask('example.com', 'NS')).toEqual({ kind: 'failed', reason: 'malformed' })
})

it('waits for the true answer behind guesses, and hears nobody but the server', async () => {
  const stranger = createSocket('udp4')
  const server = createSocket('udp4')
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  const ids = new Set<number>()
  const ports = new Set<number>()
  server.on('message', (packet, from) => {
    const asked = readPacket(packet)
    if (asked?.question === undefined) throw new Error('an unreadable question')
    ids.add(asked.packetId)
    ports.add(from.port)
    const { question } = asked
    const answer = (value: string, message = asked) =>
      writeAnswer(message, {
        rcode: 0,
        isAuthoritative: true,
        answers: [{ ...question, ttlSeconds: 60, value }],
        authority: [],
        additional: [],
      })
    stranger.send(answer('203.0.113.1'), from.port, from.address)
    server.send(answer('203.0.113.2', { ...asked, packetId: asked.packetId ^ 1 }), from.port, from.address)
    server.send(
      answer('203.0.113.3', { ...asked, question: { ...question, name: 'other.example.com' } }),
      from.port,
      from.address,
    )
    server.send(answer('203.0.113.4', { ...asked, question: { ...question, type: 'AAAA' } }), from.port, from.address)
    server.send(packet, from.port, from.address)
    server.send(new Uint8Array(7), from.port, from.address)
    setImmediate(() => server.send(answer('192.0.2.9'), from.port, from.address))
  })
  const at = { address: '127.0.0.1', port: server.address().port }
  for (let n = 0; n < 20; n += 1)
    expect(await local.lookups.ask(at, { name: 'www.example.com', type: 'A' }, { isRecursive: true })).toMatchObject({
      answers: [{ value: '192.0.2.9' }],
    })
  expect(ids.size).toBeGreaterThan(15)
  expect(ports.size).toBeGreaterThan(10)
  stranger.close()
  server.close()
})

it('asks a server that knows no EDNS once more without', async () => {
  const server = createSocket('udp4')
  server.bind(0, '127.0.0.1')
  await once(server, 'listening')
  server.on('message', (packet, from) => {
    const asked = readPacket(packet)
    if (asked === undefined) throw new Error('an unreadable question')
    const isPlain = asked.udpBytesMax === 512
    const answers = isPlain ? [{ name: 'example.com', type: 'A' as const, ttlSeconds: 1, value: '192.0.2.1' }] : []
    const rcode = isPlain ? 0 : 1
    server.send(
      writeAnswer(asked, { rcode, isAuthoritative: true, answers, authority: [], additional: [] }),
      from.port,
      from.address,
    )
  })
  const at = { address: '127.0.0.1', port: server.address().port }
  const result = await local.lookups.ask(at, { name: 'example.com', type: 'A' }, { isRecursive: true })
  expect(result).toMatchObject({ rcode: 0, answers: [{ value: '192.0.2.1' }] })
  server.close()
})

it('refuses names that no packet can carry without asking', async () => {
  for (const name of ['a..example.com', `${'x'.repeat(64)}.example.com`, `${'a.'.repeat(130)}com`])
    expect(await ask(name, 'A')).toEqual({ kind: 'failed', reason: 'malformed' })
  expect(local.asked()).toEqual([])
})
