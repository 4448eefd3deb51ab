import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFailure } from '#shared/errors/failure.ts'
import { EnvironmentVariables, isLoopbackHost, parseEnvironment } from './environment.ts'

/** The lines of the failure, or none when the environment is taken. */
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    parseEnvironment(env)
    return []
  } catch (error) {
    if (!isFailure(error, 'environment.invalid')) throw error
    return error.message.split('\n')
  }
}

const example = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8')
/** Each `# CONVOKE_NAME=value` of the example: a commented-out line that shows the default. */
const documented = new Map([...example.matchAll(/^#\s?(CONVOKE_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]))

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(parseEnvironment({})).toEqual({
      apiRequestsPerMinute: 1200,
      domainName: 'demo.localhost',
      dataFolder: './data',
      http: { host: '127.0.0.1', port: 8025 },
      smtp: { host: '127.0.0.1', port: 2525 },
      publicUrl: undefined,
      relayUrl: undefined,
      sendsPerSecond: undefined,
      isLoopbackTrusted: true,
      isWebhookLoopbackAllowed: false,
      dnsServers: undefined,
      mailBytesMax: 26_214_400,
      audience: 'responded',
      organizers: { rule: 'anyone', allowedSenders: [] },
      limits: { invitesPerEvent: 2500, eventsPerOrganizer: 10_000, sendsPerDay: 50_000 },
      sendLeaseSeconds: 30,
      unknownSendSeconds: 900,
      logLevel: 'info',
      apiKey: undefined,
      control: {
        isOn: true,
        httpPort: 8026,
        stripePort: 8027,
        dnsPort: 8053,
        vendorEmail: 'vendor@convoke.localhost',
        url: undefined,
        key: undefined,
        cloudSpeed: 30,
      },
      mailboxes: {
        create: 'create',
        lists: 'lists',
        reports: 'reports',
        unsubscribe: 'unsubscribe',
        postmaster: 'postmaster',
        abuse: 'abuse',
        dmarc: 'dmarc',
      },
    })
  })

  it('has the control plane off where a public address makes it one licensee’s own server, unless it is wanted', () => {
    const CONVOKE_PUBLIC_URL = 'https://go.example.com'
    expect(parseEnvironment({ CONVOKE_PUBLIC_URL }).control.isOn).toBe(false)
    expect(parseEnvironment({ CONVOKE_PUBLIC_URL, CONVOKE_CONTROL: 'on' }).control.isOn).toBe(true)
    expect(parseEnvironment({ CONVOKE_CONTROL: 'off' }).control.isOn).toBe(false)
  })

  it('takes an empty or blank variable as unset, and leaves variables of others alone', () => {
    const blank = Object.fromEntries(Object.keys(EnvironmentVariables.shape).map((name) => [name, ' ']))
    expect(parseEnvironment({ ...blank, PATH: '/bin', NODE_ENV: 'test' })).toEqual(parseEnvironment({}))
  })

  it('reads every variable', () => {
    const environment = parseEnvironment({
      CONVOKE_DOMAIN: 'Events.Example.COM',
      CONVOKE_DATA: '/var/lib/convoke',
      CONVOKE_HTTP_HOST: '0.0.0.0',
      CONVOKE_HTTP_PORT: '0',
      CONVOKE_PUBLIC_URL: 'https://go.example.com/',
      CONVOKE_SMTP_HOST: '::1',
      CONVOKE_SMTP_PORT: '25',
      CONVOKE_RELAY_URL: 'smtps://user:secret@relay.example.com',
      CONVOKE_SENDS_PER_SECOND: '14',
      CONVOKE_DNS_SERVERS: '192.0.2.1, [2001:db8::1]:5353,2001:db8::2',
      CONVOKE_MAIL_BYTES_MAX: '1024',
      CONVOKE_AUDIENCE: 'everyone',
      CONVOKE_LOG_LEVEL: 'warn',
      CONVOKE_API_KEY: 'ck_example',
      CONVOKE_MAILBOX_CREATE: 'Invite',
    })
    expect(environment).toMatchObject({
      domainName: 'events.example.com',
      dataFolder: '/var/lib/convoke',
      http: { host: '0.0.0.0', port: 0 },
      publicUrl: 'https://go.example.com',
      smtp: { host: '::1', port: 25 },
      isLoopbackTrusted: true,
      relayUrl: 'smtps://user:secret@relay.example.com',
      sendsPerSecond: 14,
      dnsServers: ['192.0.2.1', '[2001:db8::1]:5353', '2001:db8::2'],
      mailBytesMax: 1024,
      audience: 'everyone',
      logLevel: 'warn',
      apiKey: 'ck_example',
      mailboxes: { create: 'invite', lists: 'lists' },
    })
  })

  it.each([
    ['CONVOKE_DOMAIN', 'not a domain'],
    ['CONVOKE_DOMAIN', 'localhost'],
    ['CONVOKE_DOMAIN', '-bad.example.com'],
    ['CONVOKE_DOMAIN', `${'a.'.repeat(130)}example`],
    ['CONVOKE_HTTP_HOST', 'http://127.0.0.1'],
    ['CONVOKE_HTTP_PORT', '65536'],
    ['CONVOKE_HTTP_PORT', '0x50'],
    ['CONVOKE_SMTP_PORT', '-1'],
    ['CONVOKE_SMTP_PORT', '25.5'],
    ['CONVOKE_PUBLIC_URL', 'ftp://example.com'],
    ['CONVOKE_RELAY_URL', 'relay.example.com'],
    ['CONVOKE_RELAY_URL', 'https://relay.example.com'],
    ['CONVOKE_SENDS_PER_SECOND', '0'],
    ['CONVOKE_TRUST_LOOPBACK', 'yes'],
    ['CONVOKE_DNS_SERVERS', 'dns.example.com'],
    ['CONVOKE_DNS_SERVERS', '192.0.2.1,'],
    ['CONVOKE_DNS_SERVERS', '192.0.2.1:99999'],
    ['CONVOKE_MAIL_BYTES_MAX', '41943041'],
    ['CONVOKE_AUDIENCE', 'all'],
    ['CONVOKE_SEND_LEASE_SECONDS', '0'],
    ['CONVOKE_UNKNOWN_SEND_SECONDS', 'soon'],
    ['CONVOKE_LOG_LEVEL', 'loud'],
    ['CONVOKE_MAILBOX_CREATE', 'create@example.com'],
    ['CONVOKE_MAILBOX_ABUSE', 'r-abuse'],
    ['CONVOKE_MAILBOX_LISTS', 'create'],
  ])('refuses %s=%s with one line of its own', (name, value) => {
    const problems = problemsOf({ [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} must `))
  })

  it('says every wrong variable at once, and repeats no value', () => {
    const problems = problemsOf({
      CONVOKE_HTTP_PORT: 'http',
      CONVOKE_RELAY_URL: 'user:secret@relay.example.com',
      CONVOKE_DOMIAN: 'events.example.com',
    })
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      'CONVOKE_HTTP_PORT',
      'CONVOKE_RELAY_URL',
      'CONVOKE_DOMIAN',
    ])
    expect(problems.join()).not.toContain('secret')
  })
})

describe('trust in loopback', () => {
  it.each([
    [{}, true],
    [{ CONVOKE_TRUST_LOOPBACK: 'on' }, true],
    [{ CONVOKE_TRUST_LOOPBACK: 'off' }, false],
    [{ CONVOKE_SMTP_HOST: '0.0.0.0' }, false],
    [{ CONVOKE_SMTP_HOST: '::' }, false],
    [{ CONVOKE_SMTP_HOST: 'mail.example.com', CONVOKE_TRUST_LOOPBACK: 'off' }, false],
  ])('with %j is %j', (env, expected) => {
    expect(parseEnvironment(env).isLoopbackTrusted).toBe(expected)
  })

  it.each(['0.0.0.0', '::', '192.0.2.7', 'mail.example.com', '127.0.0.1.example.com', '127.1.example'])(
    'cannot be switched on while SMTP listens on %s',
    (smtpHost) => {
      const problems = problemsOf({ CONVOKE_SMTP_HOST: smtpHost, CONVOKE_TRUST_LOOPBACK: 'on' })
      expect(problems).toEqual([expect.stringContaining('CONVOKE_SMTP_HOST is not a loopback address')])
    },
  )

  it('counts 127.0.0.0/8, ::1 and localhost as loopback, and no other IPv4 address', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'LOCALHOST']) expect(isLoopbackHost(host)).toBe(true)
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isLoopbackHost(address)).toBe(address.startsWith('127.'))
      }),
    )
  })
})

describe('.env.example', () => {
  it('lists every variable, and no other', () => {
    expect(new Set(documented.keys())).toEqual(new Set(Object.keys(EnvironmentVariables.shape)))
  })

  it('shows the default of each variable that has one', () => {
    const shown = Object.fromEntries([...documented].filter(([, value]) => value !== ''))
    expect(parseEnvironment(shown)).toEqual(parseEnvironment({}))
  })

  it('sets nothing as it stands', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
  })
})
