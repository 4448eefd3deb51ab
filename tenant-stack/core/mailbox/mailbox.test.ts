import { describe, expect, it } from 'vitest'
import type { TenantSettings } from '../context.ts'
import { isOwnAddress, mailboxOf } from './mailbox.ts'

const settings: TenantSettings = {
  domainName: 'events.example.net',
  mailboxes: {
    create: 'create',
    lists: 'lists',
    reports: 'reports',
    unsubscribe: 'stop',
    postmaster: 'postmaster',
    abuse: 'abuse',
    dmarc: 'dmarc',
  },
  audience: 'responded',
  organizers: { rule: 'anyone', allowedSenders: [] },
  limits: { invitesPerEvent: 2500, eventsPerOrganizer: 10_000, sendsPerDay: 50_000 },
  apiUrl: 'https://api.events.example.net/v1',
  pagesUrl: 'https://go.events.example.net',
  sendLeaseSeconds: 30,
  unknownSendSeconds: 900,
  apiRequestsPerMinute: 1200,
  mailBytesMax: 26_214_400,
}

describe('mailboxOf', () => {
  it('knows the named mailboxes in any case, by their configured names', () => {
    expect(mailboxOf(settings, 'Create@Events.Example.NET')).toEqual({ kind: 'create' })
    expect(mailboxOf(settings, 'stop@events.example.net')).toEqual({ kind: 'unsubscribe' })
    expect(mailboxOf(settings, 'unsubscribe@events.example.net')).toEqual({ kind: 'unknown' })
  })

  it('reads the token of a reply address', () => {
    const token = '0123456789abcdefghjkmnpqrs'
    expect(mailboxOf(settings, `R-${token.toUpperCase()}@events.example.net`)).toEqual({ kind: 'reply', token })
    expect(mailboxOf(settings, `r-${token}x@events.example.net`)).toEqual({ kind: 'unknown' })
    expect(mailboxOf(settings, `r-${token}+x@events.example.net`)).toEqual({ kind: 'unknown' })
  })

  it('reads the token of a probe, whatever a mailbox is called', () => {
    const token = '0123456789abcdef0123456789'
    expect(mailboxOf(settings, `Probe-${token}@events.example.net`)).toEqual({ kind: 'probe', token })
    expect(mailboxOf(settings, `probe-${token}x@events.example.net`)).toEqual({ kind: 'unknown' })
    expect(mailboxOf(settings, 'probe@events.example.net')).toEqual({ kind: 'unknown' })
  })

  it('is nothing to other domains, sub-domains and look-alikes', () => {
    for (const address of [
      'create@example.net',
      'create@x.events.example.net',
      'create@events.example.net.evil.example',
      '@events.example.net',
      'create',
    ])
      expect(mailboxOf(settings, address)).toEqual({ kind: 'other_domain' })
    expect(isOwnAddress(settings, 'r-x@events.example.net')).toBe(true)
    expect(isOwnAddress(settings, 'x@notevents.example.net')).toBe(false)
  })
})
