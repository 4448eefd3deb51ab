import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type LocalDns, openLocalDns, ourServers } from '#test/harness/dns/local-dns.ts'
import { createCollectingLog } from '#test/harness/platform/collecting-log.ts'
import { createMemoryPlatform } from '#test/harness/platform/memory-platform.ts'
import { createSeededRandom } from '#test/harness/platform/seeded-random.ts'
import type { DnsServer, RecordType } from '../lookups.ts'
import { readPacket, writeQuestion } from '../packet/dns-packet.ts'
import { createFrameReader, frameOf } from '../packet/tcp-frame.ts'
import { openLocalZone } from './local-zone.ts'

const domainName = 'invites.example.com'
let local: LocalDns

beforeEach(async () => {
  local = await openLocalDns()
})
afterEach(() => local.close())

function ask(server: DnsServer, name: string, type: RecordType, isRecursive = false) {
  return local.lookups.ask(server, { name, type }, { isRecursive })
}

it('shows a hosted zone to the world only through the delegation to its own servers', async () => {
  local.host({
    domainName,
    recordSets: [
      { name: domainName, type: 'NS', ttlSeconds: 60, values: ourServers.map((name) => `${name}.`) },
      { name: domainName, type: 'MX', ttlSeconds: 300, values: ['10 Inbound-SMTP.example.org.'] },
      { name: `_dmarc.${domainName}`, type: 'TXT', ttlSeconds: 300, values: ['"v=DMARC1; " "p=none"'] },
      { name: `*.${domainName}`, type: 'A', alias: { dnsName: 'd-1.execute-api.example', hostedZoneId: 'Z1' } },
    ],
  })
  const { resolver, hostedServer } = local.zone
  expect(await ask(hostedServer, domainName, 'MX')).toMatchObject({
    isAuthoritative: true,
    answers: [{ value: '10 inbound-smtp.example.org' }],
  })
  expect(await ask(resolver, domainName, 'MX', true)).toMatchObject({ rcode: 3 })
  await local.zone.store.delegate({ domainName, nameServers: ourServers.slice(0, 1) })
  expect(await ask(resolver, domainName, 'MX', true)).toMatchObject({ rcode: 0, answers: [{ type: 'MX' }] })
  expect(await ask(resolver, `_dmarc.${domainName}`, 'TXT', true)).toMatchObject({
    answers: [{ value: 'v=DMARC1; p=none' }],
  })
  expect(await ask(resolver, `go.${domainName}`, 'A', true)).toMatchObject({
    answers: [{ name: `go.${domainName}`, value: '127.0.0.1' }],
  })
  expect(await ask(resolver, `go.${domainName}`, 'TXT', true)).toMatchObject({ rcode: 0, answers: [] })
  await local.zone.store.delegate({ domainName, nameServers: ['ns1.other.example'] })
  expect(await ask(resolver, domainName, 'MX', true)).toMatchObject({ rcode: 2 })
})

it('as the parent gives a referral, for the name and for what lies below it, and keeps DS to itself', async () => {
  await local.zone.store.delegate({ domainName, nameServers: ourServers })
  for (const name of [domainName, `deep.go.${domainName}`]) {
    const answer = await ask(local.zone.resolver, name, 'A')
    expect(answer).toMatchObject({ isAuthoritative: false, answers: [] })
    const servers = answer.kind === 'answered' ? answer.authority : []
    expect(servers.map((record) => `${record.name} ${record.type} ${record.value}`).toSorted()).toEqual(
      ourServers.map((value) => `${domainName} NS ${value}`),
    )
  }
  expect(await ask(local.zone.resolver, domainName, 'DS')).toMatchObject({
    isAuthoritative: true,
    authority: [{ type: 'SOA', name: 'example.com' }],
  })
})

it('knows where its made-up name servers are, and no others', async () => {
  local.host({ domainName })
  expect(await local.zone.addressOf('NS1.local-dns.example.')).toEqual([local.zone.resolver])
  expect(await local.zone.addressOf(ourServers[0] ?? '')).toEqual([local.zone.hostedServer])
  expect(await local.zone.addressOf('ns1.other.example')).toEqual([])
})

it('keeps what was entered when it is closed and opened again', async () => {
  const platform = await createMemoryPlatform()
  const open = () => openLocalZone({ table: platform.table, log: platform.log, zonesOf: async () => [] })
  const first = await open()
  await first.store.delegate({ domainName: 'invites.example.co.uk', nameServers: ourServers })
  await first.store.addRecord('example.co.uk', {
    name: 'www.example.co.uk',
    type: 'A',
    ttlSeconds: 60,
    value: '192.0.2.1',
  })
  await first.close()
  const second = await open()
  const zones = await second.store.listZones()
  expect(zones.map(({ zoneName, records }) => [zoneName, records.length])).toEqual([['example.co.uk', 5]])
  await second.close()
  await platform.close()
})

it('takes every change twice: delegating, adding, removing', async () => {
  const { store } = local.zone
  const record = { name: 'a.example.com', type: 'A', ttlSeconds: 60, value: '192.0.2.1' } as const
  for (let n = 0; n < 2; n += 1) {
    await store.addZone('Example.com.')
    await store.delegate({ domainName, nameServers: ourServers })
    await store.addRecord('example.com', record)
  }
  expect((await store.listZones()).flatMap(({ records }) => records)).toHaveLength(5)
  for (let n = 0; n < 2; n += 1) {
    await store.delegate({ domainName, nameServers: [] })
    await store.removeRecord('example.com', record)
  }
  expect((await store.listZones()).flatMap(({ records }) => records)).toEqual([])
})

it('replaces the servers of a delegation, and refuses one beside an alias', async () => {
  const { store } = local.zone
  await store.delegate({ domainName, nameServers: ['ns1.other.example', ourServers[0] ?? ''] })
  await store.delegate({ domainName, nameServers: ourServers })
  expect((await store.listZones())[0]?.records.map(({ value }) => value).toSorted()).toEqual(ourServers)
  await expect(local.enter(domainName, 'CNAME', 'www.example.org')).rejects.toMatchObject({
    code: 'local_zone.cname_conflict',
  })
})

it.each<readonly [string, RecordType, string]>([
  ['a.example.org', 'A', '192.0.2.1'],
  ['a.example.com', 'A', '192.0.2.300'],
  ['a.example.com', 'AAAA', '192.0.2.1'],
  ['a.example.com', 'MX', 'mail.example.com'],
  ['a.example.com', 'MX', '70000 mail.example.com'],
  ['a.example.com', 'CNAME', 'not a name'],
  ['a.example.com', 'CAA', '0 issu "amazon.com"'],
  ['a.example.com', 'DS', '1 8 2 xyz'],
  ['a.example.com', 'TXT', ''],
  ['a.example.com', 'TXT', 'a\u0000b'],
  ['a.example.com', 'SOA', 'a b 1 2 3 4 5'],
  ['a..example.com', 'A', '192.0.2.1'],
  [`${'x'.repeat(64)}.example.com`, 'A', '192.0.2.1'],
  ['example.com', 'NS', 'ns1.other.example'],
  ['example.com', 'CNAME', 'www.example.org'],
])('refuses %s %s %j', async (name, type, value) => {
  await expect(local.enter(name, type, value)).rejects.toMatchObject({ code: 'local_zone.bad_record' })
})

it('answers several questions of one connection, in pieces, and closes on nonsense', async () => {
  await local.enter('a.example.com', 'A', '192.0.2.1')
  const { address, port } = local.zone.resolver
  const connection = createConnection({ host: address, port })
  const frames = createFrameReader()
  const answers: number[] = []
  connection.on('data', (chunk) => {
    for (const frame of frames.take(Buffer.from(chunk))) answers.push(readPacket(frame)?.packetId ?? -1)
  })
  const question = { name: 'a.example.com', type: 'A' } as const
  const stream = [1, 2, 3].flatMap((id) => [...frameOf(writeQuestion(id, question, { isRecursive: true }))])
  for (let at = 0; at < stream.length; at += 7) await written(connection, Uint8Array.from(stream.slice(at, at + 7)))
  while (answers.length < 3) await once(connection, 'data')
  expect(answers).toEqual([1, 2, 3])
  connection.write(frameOf(new Uint8Array([1, 2, 3])))
  await once(connection, 'close')
})

function written(connection: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => connection.write(bytes, (error) => (error ? reject(error) : resolve())))
}

it('goes on answering after 500 mutated questions by UDP', async () => {
  await local.enter('a.example.com', 'A', '192.0.2.1')
  const random = createSeededRandom(53)
  const { address, port } = local.zone.resolver
  const socket = createSocket('udp4')
  let heard = 0
  socket.on('message', () => {
    heard += 1
  })
  for (let n = 0; n < 500; n += 1) {
    const question = { name: `${'x'.repeat(random.below(60))}a.example.com`, type: 'A' } as const
    const bytes = Uint8Array.from(writeQuestion(random.below(65_536), question, { isRecursive: n % 2 === 0 }))
    for (let flip = 0; flip < 1 + random.below(12); flip += 1) bytes[random.below(bytes.length)] = random.below(256)
    await new Promise((resolve) => socket.send(bytes, port, address, resolve))
  }
  expect(await ask(local.zone.resolver, 'a.example.com', 'A', true)).toMatchObject({
    answers: [{ value: '192.0.2.1' }],
  })
  expect(heard).toBeGreaterThan(20)
  socket.close()
})

it('answers SERVFAIL and goes on when its store fails', async () => {
  const platform = await createMemoryPlatform()
  const log = createCollectingLog()
  let isBroken = true
  const zone = await openLocalZone({
    table: platform.table,
    log,
    zonesOf: async () => {
      if (isBroken) throw new Error('the cloud is away')
      return []
    },
  })
  expect(await ask(zone.resolver, 'example.org', 'NS', true)).toMatchObject({ rcode: 2 })
  isBroken = false
  expect(await ask(zone.resolver, 'example.org', 'NS', true)).toMatchObject({ rcode: 3 })
  await zone.close()
  await platform.close()
})

it('gives its port back, and says when a port is taken', async () => {
  const platform = await createMemoryPlatform()
  const open = (port: number) =>
    openLocalZone({ table: platform.table, log: platform.log, zonesOf: async () => [], port })
  const first = await open(0)
  await expect(open(first.resolver.port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.close()
  const again = await open(first.resolver.port)
  await again.close()
  await platform.close()
})
