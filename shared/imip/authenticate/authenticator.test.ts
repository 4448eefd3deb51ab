import { beforeAll, describe, expect, it } from 'vitest'
import { type DnsZone, resolverOfZone } from '#test/mail/authenticate/dns-zone.ts'
import { ed25519Key, mailFrom, rsaKey, signed } from '#test/mail/authenticate/signed-mail.ts'
import { createAuthenticator, type MailFromOutside } from './authenticator.ts'

const rsa = rsaKey()
const edwards = ed25519Key()
const SERVER = '192.0.2.10'
const zone: DnsZone = {
  'example.com': { TXT: [`v=spf1 ip4:${SERVER} -all`, 'a site verification of somebody'] },
  'sel._domainkey.example.com': { TXT: [rsa.record] },
  'ed._domainkey.example.com': { TXT: [edwards.record] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; adkim=r; aspf=r'] },
  'mail.example.com': { TXT: [`v=spf1 ip4:${SERVER} ~all`] },
  'sel._domainkey.mail.example.com': { TXT: [rsa.record] },
  'strict.example.net': { TXT: ['v=spf1 -all'] },
  '_dmarc.strict.example.net': { TXT: ['v=DMARC1; p=quarantine; adkim=s; aspf=s'] },
  'sel._domainkey.sub.strict.example.net': { TXT: [rsa.record] },
  'watching.example': { TXT: [`v=spf1 ip4:${SERVER} ~all`] },
  '_dmarc.watching.example': { TXT: ['v=DMARC1; p=none; rua=mailto:d@watching.example'] },
  'small.example.org': { TXT: [`v=spf1 ip4:${SERVER} ?all`] },
  'sel._domainkey.small.example.org': { TXT: [rsa.record] },
  'sel._domainkey.attacker.example': { TXT: [rsa.record] },
  'attacker.example': { TXT: ['v=spf1 ip4:203.0.113.66 -all'] },
  'helo.example.com': { TXT: [`v=spf1 ip4:${SERVER} -all`] },
}

function authenticate(mail: Partial<MailFromOutside> & { readonly raw: Uint8Array }) {
  const clock = { now: () => Date.UTC(2026, 2, 3, 12) }
  const ask = createAuthenticator({ resolver: resolverOfZone(zone), clock, trustLoopback: false })
  return ask({ remoteAddress: SERVER, helo: 'helo.example.com', envelopeFrom: 'ana@example.com', ...mail })
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

describe('a mail authenticated by SPF, DKIM and DMARC', () => {
  let good: string
  beforeAll(async () => {
    good = await signed(mailFrom('example.com'), { domainName: 'example.com', key: rsa })
  })

  it('passes with an aligned signature and the right server', async () => {
    expect(await authenticate({ raw: bytes(good) })).toEqual({
      spf: 'PASS',
      dkim: 'PASS',
      dmarc: 'PASS',
      spam: 'GRAY',
      virus: 'GRAY',
      envelopeFrom: 'ana@example.com',
      dkimDomains: ['example.com'],
      authorDomain: 'example.com',
      isTrustedLoopback: false,
    })
  })

  it('passes DMARC by the signature alone when forwarded', async () => {
    const forwarded = await authenticate({ raw: bytes(good), remoteAddress: '203.0.113.9' })
    expect(forwarded).toMatchObject({ spf: 'FAIL', dkim: 'PASS', dmarc: 'PASS' })
  })

  it('passes DMARC by SPF alone when nothing is signed', async () => {
    const plain = await authenticate({ raw: bytes(mailFrom('example.com')) })
    expect(plain).toMatchObject({ spf: 'PASS', dkim: 'GRAY', dmarc: 'PASS', dkimDomains: [] })
  })

  it('verifies ed25519, simple canonicalization, and bare line feeds', async () => {
    const other = await signed(mailFrom('example.com'), {
      domainName: 'example.com',
      key: edwards,
      selector: 'ed',
      canonicalization: 'simple/simple',
    })
    const seen = await authenticate({ raw: bytes(other), remoteAddress: '203.0.113.9' })
    expect(seen).toMatchObject({ dkim: 'PASS', dmarc: 'PASS' })
    expect(await authenticate({ raw: bytes(other.replaceAll('\r\n', '\n')) })).toMatchObject({ dkim: 'PASS' })
  })

  it('aligns a sub-domain where alignment is relaxed, not where it is strict', async () => {
    const relaxed = await signed(mailFrom('example.com'), { domainName: 'mail.example.com', key: rsa })
    const remoteAddress = '203.0.113.9'
    expect(await authenticate({ raw: bytes(relaxed), remoteAddress })).toMatchObject({
      dmarc: 'PASS',
      dkimDomains: ['mail.example.com'],
    })
    const strict = await signed(mailFrom('strict.example.net'), { domainName: 'sub.strict.example.net', key: rsa })
    expect(await authenticate({ raw: bytes(strict), envelopeFrom: 'ana@strict.example.net' })).toMatchObject({
      dkim: 'PASS',
      dmarc: 'FAIL',
    })
  })

  it('fails DMARC when only a foreign domain signed and sent', async () => {
    const foreign = await signed(mailFrom('example.com'), { domainName: 'attacker.example', key: rsa })
    expect(
      await authenticate({ raw: bytes(foreign), remoteAddress: '203.0.113.66', envelopeFrom: 'x@attacker.example' }),
    ).toMatchObject({ spf: 'PASS', dkim: 'PASS', dmarc: 'FAIL', dkimDomains: ['attacker.example'] })
  })

  it('lets one good signature outweigh a broken one', async () => {
    const broken = await signed(mailFrom('example.com'), { domainName: 'attacker.example', key: rsaKey() })
    const both = await signed(broken, { domainName: 'example.com', key: rsa })
    expect(await authenticate({ raw: bytes(both), remoteAddress: '203.0.113.9' })).toMatchObject({
      dkim: 'PASS',
      dmarc: 'PASS',
      dkimDomains: ['example.com'],
    })
  })

  it.each([
    ['the body', (mail: string) => mail.replace('Tuesday', 'Friday')],
    ['From', (mail: string) => mail.replace('"Ana Diaz"', '"Eve Diaz"')],
    ['Subject', (mail: string) => mail.replace('Planning', 'Payment')],
  ])('fails when %s was tampered with', async (_what, tamper) => {
    const seen = await authenticate({ raw: bytes(tamper(good)), remoteAddress: '203.0.113.9' })
    expect(seen).toMatchObject({ dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] })
  })

  it('counts a null reverse-path by its HELO name', async () => {
    const seen = await authenticate({ raw: bytes(mailFrom('example.com')), envelopeFrom: '' })
    expect(seen).toMatchObject({ spf: 'PASS', envelopeFrom: '', dmarc: 'PASS' })
    const nobody = await authenticate({ raw: bytes(mailFrom('example.com')), envelopeFrom: '', helo: 'nobody.example' })
    expect(nobody).toMatchObject({ spf: 'GRAY', dmarc: 'FAIL' })
  })

  it.each([
    ['a server the record forbids', 'ana@example.com', '203.0.113.9', 'FAIL'],
    ['a server the record doubts', 'ana@watching.example', '203.0.113.9', 'FAIL'],
    ['a server the record says nothing of', 'ana@small.example.org', '203.0.113.9', 'GRAY'],
    ['a domain without a record', 'ana@nothing.example', SERVER, 'GRAY'],
    ['an envelope that is no address', 'not an address', SERVER, 'GRAY'],
  ])('SPF of %s', async (_what, envelopeFrom, remoteAddress, spf) => {
    const seen = await authenticate({ raw: bytes(mailFrom('example.com')), envelopeFrom, remoteAddress })
    expect(seen).toMatchObject({ spf })
  })

  it('is GRAY under DMARC without a policy, and FAIL under p=none like under p=reject', async () => {
    const small = await signed(mailFrom('small.example.org'), { domainName: 'small.example.org', key: rsa })
    const envelopeFrom = 'ana@small.example.org'
    expect(await authenticate({ raw: bytes(small), envelopeFrom })).toMatchObject({
      dmarc: 'GRAY',
      dkimDomains: ['small.example.org'],
      authorDomain: 'small.example.org',
    })
    const watched = bytes(mailFrom('watching.example'))
    expect(await authenticate({ raw: watched, remoteAddress: '203.0.113.9' })).toMatchObject({ dmarc: 'FAIL' })
    const passing = await authenticate({ raw: watched, envelopeFrom: 'ana@watching.example' })
    expect(passing).toMatchObject({ dmarc: 'PASS' })
  })
})
