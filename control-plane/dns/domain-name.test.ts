import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readDomainName } from './domain-name.ts'
import { isLookAlike } from './look-alike.ts'
import { parentOf, relativeName } from './names.ts'
import { providerOf } from './providers.ts'

const read = (entered: string, allowsReserved = false) => readDomainName(entered, { allowsReserved })

it.each([
  ['invites.example.com', 'invites.example.com', 'example.com', []],
  [' Invites.EXAMPLE.com. ', 'invites.example.com', 'example.com', []],
  ['invites.example.co.uk', 'invites.example.co.uk', 'example.co.uk', []],
  ['example.com', 'example.com', 'example.com', ['apex']],
  ['einladung.müller.de', 'einladung.xn--mller-kva.de', 'xn--mller-kva.de', []],
  ['einladung.xn--mller-kva.de', 'einladung.xn--mller-kva.de', 'xn--mller-kva.de', []],
  ['招待.例え。jp', 'xn--ihqwc.xn--r8jz45g.jp', 'xn--r8jz45g.jp', []],
  ['invites.exаmple.com', 'invites.xn--exmple-4nf.com', 'xn--exmple-4nf.com', ['look_alike']],
])('reads %s', (entered, domainName, registrableName, warnings) => {
  const reading = read(entered)
  expect(reading).toMatchObject({ kind: 'ok', registrableName, warnings })
  if (!entered.includes('招')) expect(reading).toMatchObject({ domainName })
})

it.each([
  ['', 'empty'],
  ['  . ', 'empty'],
  ['https://invites.example.com', 'not_a_name'],
  ['invites.example.com/path', 'not_a_name'],
  ['ana@example.com', 'not_a_name'],
  ['*.example.com', 'not_a_name'],
  ['_dmarc.example.com', 'not_a_name'],
  ['in vites.example.com', 'not_a_name'],
  ['in%2evites.example.com', 'not_a_name'],
  ['a..example.com', 'not_a_name'],
  ['-a.example.com', 'not_a_name'],
  ['xn--a.example.com', 'not_a_name'],
  [`${'a'.repeat(64)}.example.com`, 'not_a_name'],
  [`${'abcdefghi.'.repeat(20)}example.com`, 'too_long'],
  ['192.0.2.1', 'ip_address'],
  ['0x7f.1', 'ip_address'],
  ['2130706433', 'ip_address'],
  ['１９２.0.2.1', 'ip_address'],
  ['[2001:db8::1]', 'ip_address'],
  ['2001:db8::1', 'ip_address'],
  ['invites', 'single_label'],
  ['localhost', 'single_label'],
  ['invites.localhost', 'reserved'],
  ['invites.example', 'reserved'],
  ['printer.local', 'reserved'],
  ['1.2.0.192.in-addr.arpa', 'reserved'],
  ['co.uk', 'public_suffix'],
  ['github.io', 'public_suffix'],
  ['invites.no-such-ending', 'unknown_ending'],
])('refuses %j as %s', (entered, code) => {
  const reading = read(entered)
  expect(reading).toMatchObject({ kind: 'refused', code })
  expect(reading.kind === 'refused' ? reading.sentence : '').toMatch(/\.$/)
})

it('takes reserved names where DNS is its own', () => {
  for (const name of ['localhost', 'events.localhost', 'invites.example', 'invites.company.test'])
    expect(read(name, true)).toMatchObject({ kind: 'ok', domainName: name })
})

it('property: what is read is an A-label name that reads as itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.ipV4(), fc.webUrl()), (entered) => {
      const reading = read(entered, true)
      if (reading.kind === 'refused') return
      expect(reading.domainName).toMatch(/^[a-z0-9.-]{1,180}$/)
      expect(read(reading.domainName, true)).toEqual(reading)
    }),
    { numRuns: 300, seed: 4 },
  )
})

it('knows names that look like others', () => {
  for (const name of ['exаmple.com', 'раураl.com', 'ехсо.com', 'gοοgle.com', '例a.コム', 'Ωmega.com'])
    expect([name, isLookAlike(name)]).toEqual([name, !name.startsWith('例')])
  for (const name of ['example.com', 'müller.de', 'пример.рф', 'παράδειγμα.gr', '例え.jp', '한국.kr', 'שלום.co.il'])
    expect([name, isLookAlike(name)]).toEqual([name, false])
})

it('says names as a provider wants them', () => {
  expect(relativeName('invites.example.com', 'example.com')).toBe('invites')
  expect(relativeName('a.b.example.com', 'example.com')).toBe('a.b')
  expect(relativeName('example.com', 'example.com')).toBe('@')
  expect(relativeName('notexample.com', 'example.com')).toBe('notexample.com')
  expect([parentOf('a.b.c'), parentOf('c'), parentOf('')]).toEqual(['b.c', '', ''])
})

it.each([
  [['art.ns.cloudflare.com', 'eve.ns.cloudflare.com'], 'Cloudflare'],
  [['ns-1.awsdns-02.com', 'ns-3.awsdns-04.net', 'ns-5.awsdns-06.org', 'ns-7.awsdns-08.co.uk'], 'Amazon Route 53'],
  [['ns07.domaincontrol.com', 'ns08.domaincontrol.com'], 'GoDaddy'],
  [['dns1.registrar-servers.com', 'dns2.registrar-servers.com'], 'Namecheap'],
  [['ns1046.ui-dns.com', 'ns1046.ui-dns.de'], 'IONOS'],
  [['dns10.ovh.net', 'ns10.ovh.net'], 'OVHcloud'],
  [['ns-cloud-a1.googledomains.com', 'ns-cloud-a2.googledomains.com'], 'Google Cloud DNS'],
  [['ns1.googledomains.com', 'ns2.googledomains.com'], 'Squarespace (Google Domains)'],
  [['hydrogen.ns.hetzner.com', 'oxygen.ns.hetzner.com', 'helium.ns.hetzner.de'], 'Hetzner'],
  [['ns-1-a.gandi.net', 'ns-2-b.gandi.net'], 'Gandi'],
  [['ns1-01.azure-dns.com', 'ns2-01.azure-dns.net'], 'Azure DNS'],
  [['ns1.notcloudflare.com', 'evilns.cloudflare.com.example.org'], undefined],
  [[], undefined],
])('knows the provider of %j', (servers, provider) => {
  expect(providerOf(servers)?.provider).toBe(provider)
})
