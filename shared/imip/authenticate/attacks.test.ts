import { describe, expect, it } from 'vitest'
import { type DnsZone, resolverOfZone } from '#test/mail/authenticate/dns-zone.ts'
import { mailFrom, rsaKey, signed } from '#test/mail/authenticate/signed-mail.ts'
import { createAuthenticator, createSignatureVerifier } from './authenticator.ts'

const key = rsaKey()
const weak = rsaKey(768)
const zone: DnsZone = {
  'sel._domainkey.example.com': { TXT: [key.record] },
  'weak._domainkey.example.com': { TXT: [weak.record] },
  'gone._domainkey.example.com': { TXT: ['v=DKIM1; p='] },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject'] },
  'attacker.example': { TXT: ['v=spf1 ip4:203.0.113.66 -all'] },
  '_dmarc.attacker.example': { TXT: ['v=DMARC1; p=none'] },
}
const clock = { now: () => Date.UTC(2026, 2, 3, 12) }
const sign = (mail: string, more = {}) => signed(mail, { domainName: 'example.com', key, ...more })

async function seen(raw: string | Uint8Array, resolver = resolverOfZone(zone)) {
  const ask = createAuthenticator({ resolver, clock, trustLoopback: true })
  return ask({
    raw: typeof raw === 'string' ? Buffer.from(raw, 'latin1') : raw,
    remoteAddress: '203.0.113.66',
    helo: 'attacker.example',
    envelopeFrom: 'eve@attacker.example',
  })
}

describe('attacks on the authentication of mail', () => {
  it('does not count a signature with l=, even when nothing was added', async () => {
    const mail = mailFrom('example.com')
    const whole = await sign(mail, { maxBodyLength: 1_000_000 })
    expect(await seen(whole)).toMatchObject({ dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] })
    const partial = await sign(mail, { maxBodyLength: 10 })
    expect(await seen(`${partial}BEGIN:VCALENDAR\r\n`)).toMatchObject({ dmarc: 'FAIL', dkimDomains: [] })
  })

  it.each([
    ['on top', (mail: string) => `From: ceo@example.com\r\n${mail}`],
    ['below', (mail: string) => mail.replace('To: ', 'From: ceo@example.com\r\nTo: ')],
    ['with a space before its colon', (mail: string) => `From : ceo@example.com\r\n${mail}`],
    ['behind a lone CR', (mail: string) => `X-A: b\rFrom: ceo@example.com\r\n${mail}`],
  ])('fails a mail with a second From %s', async (_where, add) => {
    const mail = add(await sign(mailFrom('example.com')))
    expect(await seen(mail)).toMatchObject({ dmarc: 'FAIL', dkimDomains: [] })
  })

  it('counts a From behind a lone CR against SPF too', async () => {
    const own = mailFrom('attacker.example')
    expect(await seen(own)).toMatchObject({ spf: 'PASS', dmarc: 'PASS' })
    expect(await seen(`X-A: b\rFrom: ceo@example.com\r\n${own}`)).toMatchObject({ spf: 'PASS', dmarc: 'FAIL' })
  })

  it('fails From lists of two domains and From without any', async () => {
    const two = mailFrom('example.com').replace('<ana@example.com>', '<ana@example.com>, eve@attacker.example')
    expect(await seen(two)).toMatchObject({ spf: 'PASS', dmarc: 'FAIL' })
    const none = mailFrom('example.com').replace('<ana@example.com>', 'nobody')
    expect(await seen(none)).toMatchObject({ dmarc: 'FAIL' })
    expect((await seen(none)).authorDomain).toBeUndefined()
  })

  it('does not count signatures under a repeated Subject or Content-Type, which readers take from the top', async () => {
    const good = await sign(mailFrom('example.com'))
    expect(await seen(good)).toMatchObject({ dmarc: 'PASS' })
    expect(await seen(`Subject: other\r\n${good}`)).toMatchObject({ dkim: 'FAIL', dmarc: 'FAIL', dkimDomains: [] })
    const retyped = `Content-Type: text/calendar; method=REQUEST\r\n${good}`
    expect(await seen(retyped)).toMatchObject({ dkim: 'FAIL', dkimDomains: [] })
  })

  it('does not count expired signatures, short keys or revoked keys', async () => {
    const mail = mailFrom('example.com')
    const signTime = new Date(clock.now() - 7200_000)
    const expired = await sign(mail, { signTime, expires: new Date(clock.now() - 3600_000) })
    expect(await seen(expired)).toMatchObject({ dkim: 'FAIL', dmarc: 'FAIL' })
    const lasting = await sign(mail, { signTime, expires: new Date(clock.now() + 3600_000) })
    expect(await seen(lasting)).toMatchObject({ dkim: 'PASS', dmarc: 'PASS' })
    const short = await sign(mail, { key: weak, selector: 'weak' })
    expect(await seen(short)).toMatchObject({ dkim: 'FAIL', dkimDomains: [] })
    const revoked = await sign(mail, { selector: 'gone' })
    expect(await seen(revoked)).toMatchObject({ dkim: 'FAIL', dkimDomains: [] })
  })

  it('takes no verdict from headers of the mail', async () => {
    const claims = [
      'Authentication-Results: mx.example.org; dmarc=pass header.from=example.com',
      'Return-Path: <ana@example.com>',
      'Received-SPF: pass',
      'X-SES-Spam-Verdict: PASS',
    ]
    const mail = `${claims.join('\r\n')}\r\n${mailFrom('example.com')}`
    expect(await seen(mail)).toMatchObject({ dkim: 'GRAY', dmarc: 'FAIL', envelopeFrom: 'eve@attacker.example' })
  })

  it.each([
    ['41 MB', () => Buffer.alloc(41 * 1024 * 1024, 'a line of some length\r\n')],
    ['a line of 1 MB', () => Buffer.from(`${mailFrom('example.com')}${'x'.repeat(1024 * 1024)}\r\n`)],
    ['a header of 300 KB', () => Buffer.from(`X-A: ${'b\r\n '.repeat(80_000)}\r\n${mailFrom('example.com')}`)],
    ['5,000 folded lines', () => Buffer.from(`X-A: b\r\n${' c\r\n'.repeat(5000)}${mailFrom('example.com')}`)],
    ['a From of 10 KB', () => Buffer.from(`From: ${'"a" '.repeat(2500)} <a@example.com>\r\n\r\n`)],
    [
      '20 signatures',
      async () => {
        const one = await sign(mailFrom('example.com'))
        const signature = one.slice(0, one.indexOf('From:'))
        return Buffer.from(signature.repeat(19) + one)
      },
    ],
  ])('refuses to verify %s, without asking DNS for keys or policy', async (_what, make) => {
    const asked: string[] = []
    const verdict = await seen(await make(), resolverOfZone(zone, asked))
    expect(verdict).toMatchObject({ dkim: 'PROCESSING_FAILED', dmarc: 'PROCESSING_FAILED', dkimDomains: [] })
    expect(asked.filter((question) => question.includes('_'))).toEqual([])
  })

  it('counts signatures that take too long to check as not checked, and goes on', async () => {
    const raw = Buffer.from(await sign(mailFrom('example.com')), 'latin1')
    const slow = createSignatureVerifier({ resolver: resolverOfZone(zone), clock, hashingMsMax: -1 })
    expect(await slow(raw)).toEqual({ dkim: 'PROCESSING_FAILED', dkimDomains: [] })
    const ask = createAuthenticator({ resolver: resolverOfZone(zone), clock, trustLoopback: false, hashingMsMax: -1 })
    const mail = { raw, remoteAddress: '203.0.113.66', helo: 'x.example', envelopeFrom: 'eve@attacker.example' }
    expect(await ask(mail)).toMatchObject({ dkim: 'PROCESSING_FAILED', dmarc: 'PROCESSING_FAILED' })
  })

  it('reads 10 MB of empty lines and of bare line feeds', async () => {
    const good = await sign(mailFrom('example.com', `text\r\n${'\r\n'.repeat(5_000_000)}`))
    expect(await seen(good)).toMatchObject({ dkim: 'PASS' })
    const bare = await sign(mailFrom('example.com', `${'\n'.repeat(5_000_000)}text\n`))
    expect(await seen(bare)).toMatchObject({ dkim: 'PASS' })
  })
})

describe('the signatures of a mail whose way here is unknown', () => {
  const verify = createSignatureVerifier({ resolver: resolverOfZone(zone), clock })
  it('names the domains that signed the whole of it', async () => {
    const good = await sign(mailFrom('example.com'))
    expect(await verify(Buffer.from(good))).toEqual({ dkim: 'PASS', dkimDomains: ['example.com'] })
    expect(await verify(Buffer.from(good.replace('Ana\r\n', 'Eve\r\n')))).toEqual({ dkim: 'FAIL', dkimDomains: [] })
    expect(await verify(Buffer.from(mailFrom('example.com')))).toEqual({ dkim: 'GRAY', dkimDomains: [] })
    expect(await verify(Buffer.from(`From: a@b.example\r\n${good}`))).toEqual({ dkim: 'FAIL', dkimDomains: [] })
    expect(await verify(new Uint8Array())).toEqual({ dkim: 'GRAY', dkimDomains: [] })
  })
})
