import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDnsServer } from '#test/mail/authenticate/dns-server.ts'
import { type DnsZone, resolverOfZone } from '#test/mail/authenticate/dns-zone.ts'
import { mailFrom, rsaKey, signed } from '#test/mail/authenticate/signed-mail.ts'
import { createAuthenticator } from './authenticator.ts'
import { type DnsResolver, withinBudget } from './dns-resolver.ts'

const key = rsaKey()
const records: DnsZone = {
  'example.com': { TXT: ['v=spf1 a:out.example.com -all'] },
  'out.example.com': { A: ['192.0.2.10'] },
  'sel._domainkey.example.com': { TXT: [key.record] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject'] },
}
const from = { remoteAddress: '192.0.2.10', helo: 'out.example.com', envelopeFrom: 'Ana@Example.com' }
const stranger = { ...from, remoteAddress: '203.0.113.9' }
let raw: Buffer

beforeAll(async () => {
  raw = Buffer.from(await signed(mailFrom('example.com'), { domainName: 'example.com', key }))
})

const ask = (resolver: DnsResolver, more = {}) => createAuthenticator({ resolver, trustLoopback: false, ...more })
const withZone = (zone: DnsZone) => ask(resolverOfZone({ ...records, ...zone }))

describe('verdicts when DNS fails', () => {
  it('says PROCESSING_FAILED, never GRAY, when the policy cannot be had', async () => {
    for (const TXT of ['timeout', 'servfail'] as const) {
      const seen = await withZone({ '_dmarc.example.com': { TXT } })({ ...from, raw })
      expect(seen).toMatchObject({ spf: 'PASS', dkim: 'PASS', dmarc: 'PROCESSING_FAILED' })
    }
  })

  it('says PROCESSING_FAILED when a key cannot be had, and does not fail DMARC for it', async () => {
    const seen = await withZone({ 'sel._domainkey.example.com': { TXT: 'timeout' } })({ ...stranger, raw })
    expect(seen).toMatchObject({ spf: 'FAIL', dkim: 'PROCESSING_FAILED', dmarc: 'PROCESSING_FAILED' })
  })

  it('says PROCESSING_FAILED for SPF that cannot be had or is broken', async () => {
    for (const TXT of ['timeout', ['v=spf1 nonsense -all'], ['v=spf1 -all', 'v=spf1 +all']] as const) {
      expect(await withZone({ 'example.com': { TXT } })({ ...from, raw })).toMatchObject({
        spf: 'PROCESSING_FAILED',
        dkim: 'PASS',
        dmarc: 'PASS',
      })
    }
  })

  it('gives up on a server that never answers, in the time it was given', async () => {
    const silent: DnsResolver = () => new Promise(() => undefined)
    const seen = await ask(silent, { dnsMsMax: 50 })({ ...from, raw })
    expect(seen).toMatchObject({ spf: 'PROCESSING_FAILED', dkim: 'PROCESSING_FAILED', dmarc: 'PROCESSING_FAILED' })
  })

  it('asks no more than a mail is worth, and nothing twice', async () => {
    const asked: string[] = []
    const budgeted = withinBudget(resolverOfZone(records, asked), { lookupsMax: 3, withinMs: 60_000 })
    await budgeted('Example.com', 'TXT')
    await budgeted('example.com', 'TXT')
    await budgeted('out.example.com', 'A')
    await expect(budgeted('example.com', 'A')).rejects.toMatchObject({ code: 'ENODATA' })
    await expect(budgeted('example.org', 'A')).rejects.toMatchObject({ code: 'ETIMEOUT' })
    expect(await budgeted('out.example.com', 'A')).toEqual(['192.0.2.10'])
    expect(asked).toEqual(['TXT Example.com', 'A out.example.com', 'A example.com'])
    budgeted.done()
  })

  it('survives names no DNS can hold', async () => {
    const long = `${'a'.repeat(70)}.${'b.'.repeat(150)}example.com`
    const mail = Buffer.from(mailFrom(long))
    const seen = await withZone({})({ ...from, raw: mail, envelopeFrom: `x@${long}`, helo: '\r\n\0' })
    expect(['GRAY', 'FAIL', 'PROCESSING_FAILED']).toContain(seen.dmarc)
    expect(seen.spf).not.toBe('PASS')
  })
})

describe('mail from this machine', () => {
  const never: DnsResolver = () => Promise.reject(new Error('asked'))
  it('is believed without a question when the setting says so, and only from loopback', async () => {
    const trusting = createAuthenticator({ resolver: never, trustLoopback: true })
    for (const remoteAddress of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) {
      expect(await trusting({ ...from, raw, remoteAddress })).toMatchObject({
        isTrustedLoopback: true,
        dmarc: 'GRAY',
        dkimDomains: [],
        envelopeFrom: 'ana@example.com',
      })
    }
    for (const remoteAddress of ['128.0.0.1', '::2', '::ffff:10.0.0.1', 'localhost', '']) {
      expect((await trusting({ ...from, raw, remoteAddress })).isTrustedLoopback).toBe(false)
    }
  })

  it('is asked about like any other when the setting is off', async () => {
    const seen = await withZone({})({ ...from, raw, remoteAddress: '127.0.0.1' })
    expect(seen).toMatchObject({ isTrustedLoopback: false, spf: 'FAIL', dkim: 'PASS', dmarc: 'PASS' })
  })
})

describe('against a real name server over UDP', () => {
  let server: Awaited<ReturnType<typeof startDnsServer>>
  beforeAll(async () => {
    server = await startDnsServer({ ...records, '_dmarc.dark.example.com': { TXT: 'servfail' } })
  })
  afterAll(() => server.close())

  it('finds addresses, keys and policy, and tells "none" from "broken"', async () => {
    const real = createAuthenticator({ dnsServers: [server.address], trustLoopback: false })
    expect(await real({ ...from, raw })).toMatchObject({
      spf: 'PASS',
      dkim: 'PASS',
      dmarc: 'PASS',
      dkimDomains: ['example.com'],
      envelopeFrom: 'ana@example.com',
    })
    const unknown = Buffer.from(mailFrom('nothing.example'))
    expect(await real({ ...from, raw: unknown, envelopeFrom: 'a@nothing.example' })).toMatchObject({
      spf: 'GRAY',
      dmarc: 'GRAY',
    })
    const dark = Buffer.from(mailFrom('dark.example.com'))
    expect(await real({ ...stranger, raw: dark })).toMatchObject({ dmarc: 'PROCESSING_FAILED' })
  })
})
