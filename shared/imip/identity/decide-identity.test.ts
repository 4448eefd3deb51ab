import { describe, expect, it } from 'vitest'
import type { CalendarAddress } from '#shared/icalendar/model.ts'
import type { Authentication, Verdict } from '../authentication.ts'
import { decideIdentity, type IdentityInput } from './decide-identity.ts'

const PASSED: Authentication = {
  spf: 'PASS',
  dkim: 'PASS',
  dmarc: 'PASS',
  spam: 'PASS',
  virus: 'PASS',
  envelopeFrom: 'ana@firm.example.org',
  dkimDomains: ['firm.example.org'],
  authorDomain: 'firm.example.org',
  isTrustedLoopback: false,
}

const ANA = 'ana@firm.example.org'
const GROUP: CalendarAddress = { address: 'c_1234@group.calendar.google.com' }

function identity(input: Partial<IdentityInput> = {}, authentication: Partial<Authentication> = {}) {
  const base: IdentityInput = {
    authentication: PASSED,
    from: [{ address: ANA }],
    replyTo: [],
    organizer: { address: ANA },
  }
  return decideIdentity({ ...base, ...input, authentication: { ...PASSED, ...authentication } })
}

/** The table, written out once more: what counts for a plain From when the receiver said this of DMARC. */
const TABLE: Record<Verdict, { readonly alone: boolean; readonly withDkim: boolean; readonly withSpf: boolean }> = {
  PASS: { alone: true, withDkim: true, withSpf: true },
  GRAY: { alone: false, withDkim: true, withSpf: true },
  FAIL: { alone: false, withDkim: false, withSpf: false },
  PROCESSING_FAILED: { alone: false, withDkim: false, withSpf: false },
}

const VERDICTS = ['PASS', 'FAIL', 'GRAY', 'PROCESSING_FAILED'] as const
const SIGNERS: readonly (readonly [readonly string[], boolean])[] = [
  [[], false],
  [['firm.example.org'], true],
  [['mail.firm.example.org'], true],
  [['EXAMPLE.org.'], true],
  [['example.com'], false],
  [['evil-example.org'], false],
  [['org'], false],
  [['sendgrid.net', 'example.org'], true],
]
const ENVELOPES: readonly (readonly [string, boolean])[] = [
  ['', false],
  ['bounce@example.org', true],
  ['bounce@example.com', false],
]
type Shape = { readonly from: readonly string[]; readonly organizer?: CalendarAddress; readonly may: boolean }
const SHAPES: readonly Shape[] = [
  { from: [ANA], organizer: { address: ANA }, may: true },
  { from: [ANA], may: true },
  { from: [ANA], organizer: { address: 'boss@other.example.net' }, may: true },
  { from: [ANA], organizer: { address: 'boss@other.example.net', sentBy: ANA }, may: true },
  { from: [ANA], organizer: GROUP, may: true },
  { from: [], organizer: { address: ANA }, may: false },
  { from: [ANA, ANA], organizer: { address: ANA }, may: false },
  { from: [ANA, 'eve@example.com'], organizer: { address: ANA }, may: false },
  { from: ['ana'], organizer: { address: ANA }, may: false },
  { from: ['ana@localhost'], organizer: { address: ANA }, may: false },
  { from: ['"ana x"@example.org'], organizer: { address: ANA }, may: false },
  { from: ['noreply@example.org'], organizer: { address: ANA }, may: false },
]

describe('every combination of verdicts, signers, envelopes and shapes', () => {
  it('acts for the rows of the table alone, and always as From', () => {
    let combinations = 0
    let acted = 0
    for (const dmarc of VERDICTS)
      for (const spf of VERDICTS)
        for (const dkim of VERDICTS)
          for (const spam of VERDICTS)
            for (const virus of VERDICTS)
              for (const [dkimDomains, isSigned] of SIGNERS)
                for (const [envelopeFrom, isEnvelope] of ENVELOPES)
                  for (const { from, organizer, may } of SHAPES) {
                    const input = { from: from.map((address) => ({ address })), organizer }
                    const result = identity(input, { dmarc, spf, dkim, spam, virus, dkimDomains, envelopeFrom })
                    const row = TABLE[dmarc]
                    const proof =
                      row.alone || (row.withDkim && isSigned) || (row.withSpf && spf === 'PASS' && isEnvelope)
                    const acts = may && proof && spam !== 'FAIL' && virus !== 'FAIL'
                    combinations += 1
                    if (acts) acted += 1
                    if (
                      (result.kind === 'authenticated') !== acts ||
                      (acts && 'address' in result && result.address !== ANA)
                    ) {
                      expect.fail(
                        JSON.stringify({ input, dmarc, spf, dkim, spam, virus, dkimDomains, envelopeFrom, result }),
                      )
                    }
                  }
    expect(combinations).toBe(4 ** 5 * SIGNERS.length * ENVELOPES.length * SHAPES.length)
    expect(acted).toBeGreaterThan(0)
  })
})

describe('by what', () => {
  it.each<[string, Partial<Authentication>]>([
    ['dmarc', {}],
    ['aligned_dkim', { dmarc: 'GRAY' }],
    ['aligned_spf', { dmarc: 'GRAY', dkimDomains: [] }],
    ['loopback', { dmarc: 'GRAY', isTrustedLoopback: true }],
  ])('%s', (by, authentication) => {
    expect(identity({}, authentication)).toEqual({ kind: 'authenticated', address: ANA, by })
  })

  it('asks the From otherwise, and names what the answer may be bound to', () => {
    const signed = { dmarc: 'FAIL' as const, dkimDomains: ['firm-example-org.20230601.gappssmtp.com', 'amazonses.com'] }
    expect(identity({}, signed)).toEqual({
      kind: 'needs_confirmation',
      address: ANA,
      bindableDomains: ['firm-example-org.20230601.gappssmtp.com'],
    })
  })

  it('needs no second confirmation of the same From under the same signature', () => {
    const confirmedAddresses = [{ address: ANA, signingDomain: 'google.com' }]
    const signed = (...dkimDomains: readonly string[]) =>
      identity({ confirmedAddresses }, { dmarc: 'FAIL', dkimDomains })
    expect(signed('google.com')).toEqual({ kind: 'authenticated', address: ANA, by: 'confirmed' })
    expect(signed('example.com').kind).toBe('needs_confirmation')
    expect(signed().kind).toBe('needs_confirmation')
    const other = { confirmedAddresses, from: [{ address: 'eve@firm.example.org' }] }
    expect(identity(other, { dmarc: 'FAIL', dkimDomains: ['google.com'] }).kind).toBe('needs_confirmation')
  })

  it('never trusts a shared signer, even if somebody stored a confirmation for it', () => {
    const confirmedAddresses = [{ address: ANA, signingDomain: 'sendgrid.net' }]
    expect(identity({ confirmedAddresses }, { dmarc: 'FAIL', dkimDomains: ['sendgrid.net'] }).kind).toBe(
      'needs_confirmation',
    )
  })

  it('takes strangers below one public or hosting suffix for strangers', () => {
    const gray = { dmarc: 'GRAY' as const, envelopeFrom: '' }
    const from = (address: string) => ({ from: [{ address }], organizer: undefined })
    expect(identity(from('ana@one.co.uk'), { ...gray, dkimDomains: ['two.co.uk'] }).kind).toBe('needs_confirmation')
    expect(identity(from('ana@one.github.io'), { ...gray, dkimDomains: ['two.github.io'] }).kind).toBe(
      'needs_confirmation',
    )
    expect(identity(from('ana@a.one.co.uk'), { ...gray, dkimDomains: ['b.one.co.uk'] }).kind).toBe('authenticated')
  })
})

describe('refused', () => {
  it.each<[string, Partial<IdentityInput>, Partial<Authentication>]>([
    ['virus', {}, { virus: 'FAIL', spam: 'FAIL' }],
    ['spam', {}, { spam: 'FAIL' }],
    ['no_from', { from: [] }, {}],
    ['several_from', { from: [{ address: ANA }, { address: ANA }] }, {}],
    ['bad_from', { from: [{ address: 'ana@firm..example.org' }] }, {}],
    ['bad_from', { from: [{ address: 'ana\u0000@example.org' }] }, {}],
    ['bad_from', { from: [{ address: `${'a'.repeat(250)}@example.org` }] }, {}],
    ['own_address', { isOwnAddress: (address) => address === ANA }, {}],
    ['nobody_reads', { from: [{ address: 'no-reply@example.org' }] }, {}],
    ['nobody_reads', { from: [{ address: 'calendar-notification@google.com' }] }, {}],
    ['not_allowed', { isAllowed: () => false }, {}],
  ])('%s', (reason, input, authentication) => {
    expect(identity(input, authentication)).toEqual({ kind: 'refused', reason })
  })
})

describe('exceptions that clients cause', () => {
  const icloud = { from: [{ address: 'noreply@insideicloud.icloud.com' }], replyTo: [{ address: 'x@imip.me.com' }] }
  const human: CalendarAddress = { address: 'ana@icloud.com' }

  it('iCloud: the human of the EMAIL parameter', () => {
    const apple = {
      dkimDomains: ['icloud.com'],
      authorDomain: 'insideicloud.icloud.com',
      envelopeFrom: 'bounce@icloud.com',
    }
    const by = 'exception:icloud_relay'
    expect(identity({ ...icloud, organizer: human }, apple)).toEqual({
      kind: 'authenticated',
      address: human.address,
      by,
    })
    expect(identity({ ...icloud, organizer: human }, { ...apple, dmarc: 'FAIL' }).kind).toBe('needs_confirmation')
    const relay = { address: '2_gm@imip.me.com' }
    expect(identity({ ...icloud, organizer: relay }, apple)).toEqual({ kind: 'refused', reason: 'nobody_reads' })
    const lookalike = { ...icloud, from: [{ address: 'noreply@insideicloud.icloud.com.example.org' }] }
    expect(identity({ ...lookalike, organizer: human })).toEqual({ kind: 'refused', reason: 'nobody_reads' })
  })

  it('Google: a secondary calendar as ORGANIZER leaves the person in From', () => {
    const by = 'exception:google_secondary_calendar'
    expect(identity({ organizer: GROUP })).toEqual({ kind: 'authenticated', address: ANA, by })
    expect(identity({ organizer: GROUP }, { dmarc: 'FAIL' }).kind).toBe('needs_confirmation')
  })

  it('Google: its notification mailbox is nobody; the person in Reply-To is asked once', () => {
    const mail = { from: [{ address: 'calendar-notification@google.com' }], replyTo: [{ address: ANA }] }
    const google = { dkimDomains: ['google.com'] }
    const asked = identity(mail, google)
    expect(asked).toEqual({ kind: 'needs_confirmation', address: ANA, bindableDomains: ['google.com'] })
    const confirmedAddresses = [{ address: ANA, signingDomain: 'google.com' }]
    expect(identity({ ...mail, confirmedAddresses }, google)).toMatchObject({ kind: 'authenticated', by: 'confirmed' })
    expect(identity(mail, { isTrustedLoopback: true })).toMatchObject({ kind: 'authenticated', address: ANA })
  })

  it('SENT-BY: the assistant is the owner, not the chief he names', () => {
    const organizer = { address: 'chief@firm.example.org', sentBy: ANA }
    expect(identity({ organizer })).toEqual({ kind: 'authenticated', address: ANA, by: 'exception:sent_by' })
  })
})
