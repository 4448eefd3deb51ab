import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { HAND_OVER_CONTEXT } from '#shared/contracts/hand-over.ts'
import {
  LICENCE_STATES,
  type LicenceFile,
  type LicencePayload,
  WORKING_STATES,
} from '#shared/contracts/licence-file.ts'
import { readLicenceKeys } from './licence-keys.ts'
import { createLicenceSigner } from './sign-licence.ts'
import { EXPORT_CONTEXT, LICENCE_CONTEXT } from './signing-context.ts'
import { openSigningKey } from './signing-key.ts'
import { judgeLicence, LICENCE_SKEW_MS, newestLicence, openLicenceFile } from './verify-licence.ts'

const DAY = 24 * 3600 * 1000
const now = Date.UTC(2026, 10, 25, 12)
const tenantId = 'ten_01jd0000000000000000000000'
const holder = { tenantId, domainName: 'events.example.com' }
const ours = generateKeyPairSync('ed25519')
const theirs = generateKeyPairSync('ed25519')
const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString()
const keys = readLicenceKeys({ k1: pem(ours.publicKey) })

const valid: LicencePayload = {
  format: 1,
  licenceId: 'lic_01jd0000000000000000000000',
  tenantId,
  domainName: 'events.example.com',
  state: 'active',
  isBanned: false,
  entitlements: { paid_events: true, lists: false },
  limits: { invitationsPerDay: 1000 },
  notBefore: now - 100 * DAY,
  notAfter: now + 265 * DAY,
  issuedAt: now - DAY,
}

function signed(payload: unknown, key: KeyObject = ours.privateKey, kid = 'k1'): LicenceFile {
  const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
  return {
    kid,
    payload: bytes.toString('base64url'),
    signature: sign(null, Buffer.concat([Buffer.from(LICENCE_CONTEXT), bytes]), key).toString('base64url'),
  }
}

const judge = (change: Partial<LicencePayload>, at = now, needs: readonly string[] = []) =>
  judgeLicence({ ...valid, ...change }, { ...holder, needs }, at)

describe('opening a licence file', () => {
  const open = (file: unknown) => openLicenceFile(file, keys, tenantId)

  it('gives what a known key has signed for this tenant', () => {
    expect(open(signed(valid))).toEqual(valid)
  })

  it('gives what our own signer signs', () => {
    const privateKeyPem = ours.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    expect(open(createLicenceSigner({ kid: 'k1', privateKeyPem }).sign(valid))).toEqual(valid)
  })

  it('reads the exact bytes that were signed, however they are written', () => {
    const spaced = JSON.stringify(valid, null, 4)
    expect(open(signed(spaced))).toEqual(valid)
  })

  it('gives nothing once any bit of payload or signature was turned', () => {
    const file = signed(valid)
    for (const part of ['payload', 'signature'] as const) {
      const bytes = Buffer.from(file[part], 'base64url')
      for (let at = 0; at < bytes.length; at += 1) {
        const turned = Buffer.from(bytes)
        turned.writeUInt8(turned.readUInt8(at) ^ (1 << (at % 8)), at)
        expect(open({ ...file, [part]: turned.toString('base64url') })).toBeUndefined()
      }
    }
  })

  it('gives nothing for an unknown kid, another key under our kid, or our key under another kid', () => {
    expect(open(signed(valid, ours.privateKey, 'k2'))).toBeUndefined()
    expect(open(signed(valid, theirs.privateKey))).toBeUndefined()
    const both = readLicenceKeys({ k1: pem(ours.publicKey), k2: pem(theirs.publicKey) })
    expect(openLicenceFile(signed(valid, ours.privateKey, 'k2'), both, tenantId)).toBeUndefined()
    expect(openLicenceFile(signed(valid, theirs.privateKey, 'k2'), both, tenantId)).toEqual(valid)
    expect(openLicenceFile(signed(valid), new Map(), tenantId)).toBeUndefined()
  })

  it('gives nothing for a text of another kind that the same key has signed', () => {
    const privateKeyPem = ours.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const { kid, publicKeySpki, textSigner } = openSigningKey(privateKeyPem)
    const text = JSON.stringify(valid)
    const keysOfText = readLicenceKeys({ [kid]: publicKeySpki })
    for (const context of ['', EXPORT_CONTEXT, HAND_OVER_CONTEXT]) {
      const file = { ...textSigner.sign(context + text), payload: Buffer.from(text).toString('base64url') }
      expect(openLicenceFile(file, keysOfText, tenantId)).toBeUndefined()
    }
  })

  it('gives nothing for what is no licence file, though it is signed', () => {
    const odd = [
      '',
      'null',
      '{',
      '[]',
      JSON.stringify({ ...valid, format: 2 }),
      JSON.stringify({ ...valid, limits: 1 }),
    ]
    for (const payload of odd) expect(open(signed(payload))).toBeUndefined()
    for (const file of [
      undefined,
      null,
      7,
      'x',
      {},
      { ...signed(valid), kid: '../k1' },
      { ...signed(valid), signature: '' },
    ])
      expect(open(file)).toBeUndefined()
  })

  it('gives nothing for a genuine licence of another tenant', () => {
    expect(open(signed({ ...valid, tenantId: 'ten_01jd0000000000000000000001' }))).toBeUndefined()
  })
})

describe('of several files', () => {
  it('the one issued last counts, whatever order they come in', () => {
    const older = { ...valid, issuedAt: now - 9 * DAY }
    const suspended: LicencePayload = { ...valid, state: 'suspended', issuedAt: now }
    expect(newestLicence([suspended, older, undefined])).toBe(suspended)
    expect(newestLicence([undefined, older, suspended])).toBe(suspended)
    expect(newestLicence([undefined])).toBeUndefined()
  })
})

describe('the standing', () => {
  it('is NOT_FOUND without a licence', () => {
    expect(judgeLicence(undefined, holder, now)).toMatchObject({ code: 'NOT_FOUND', isWorking: false })
  })

  it('follows the state', () => {
    const codes = Object.fromEntries(LICENCE_STATES.map((state) => [state, judge({ state }).code]))
    expect(codes).toEqual({
      draft: 'SUSPENDED',
      checkout_pending: 'SUSPENDED',
      active: 'VALID',
      renewal_due: 'VALID',
      past_due: 'GRACE',
      grace: 'GRACE',
      suspended: 'SUSPENDED',
      expired: 'EXPIRED',
      closed: 'EXPIRED',
      refunded: 'SUSPENDED',
      disputed: 'VALID',
    })
  })

  it('lets work exactly the working states of the contract', () => {
    const working = LICENCE_STATES.filter((state) => judge({ state }).isWorking)
    expect(working.toSorted()).toEqual([...WORKING_STATES].toSorted())
  })

  it('is BANNED before all else, whatever is paid', () => {
    const all = { isBanned: true, domainName: 'b.example.com', issuedAt: now - 99 * DAY }
    for (const state of LICENCE_STATES)
      expect(judge({ ...all, state }, now, ['none'])).toMatchObject({ code: 'BANNED', isWorking: false })
  })

  it('is in the fixed order when several hold, and works only when none but GRACE does', () => {
    const over = { notAfter: now - 9 * DAY, graceUntil: now - DAY }
    const elsewhere = { domainName: 'other.example.com' }
    expect(judge({ state: 'suspended', ...over, ...elsewhere }, now, ['lists']).code).toBe('SUSPENDED')
    expect(judge({ ...over, ...elsewhere }, now, ['lists']).code).toBe('EXPIRED')
    expect(judge({ state: 'grace', ...elsewhere }, now, ['lists'])).toMatchObject({ code: 'GRACE', isWorking: false })
    expect(judge(elsewhere, now, ['lists']).code).toBe('DOMAIN_MISMATCH')
    expect(judge({}, now, ['lists'])).toMatchObject({ code: 'ENTITLEMENT_MISSING', reason: 'lists', isWorking: false })
    expect(judge({}, now, ['unheard_of']).code).toBe('ENTITLEMENT_MISSING')
    expect(judge({}, now, ['paid_events'])).toMatchObject({ code: 'VALID', isWorking: true })
    expect(judge({ state: 'grace' }, now, ['lists'])).toMatchObject({ code: 'GRACE', isWorking: false })
  })

  it('compares domains whole, by labels', () => {
    for (const domainName of ['events.example.com', 'Events.Example.COM', 'events.example.com.'])
      expect(judge({ domainName }).code).toBe('VALID')
    for (const domainName of [
      'example.com',
      'my-events.example.com',
      'a.events.example.com',
      'events.example.com.evil.net',
      '',
    ])
      expect(judge({ domainName })).toMatchObject({ code: 'DOMAIN_MISMATCH', isWorking: false })
  })

  it('believes a silent vendor for 30 days after the issue and not a moment longer', () => {
    expect(judge({ issuedAt: now - 30 * DAY }).code).toBe('VALID')
    expect(judge({ issuedAt: now - 30 * DAY - 1 })).toMatchObject({
      code: 'EXPIRED',
      reason: 'vendor_silent',
      isWorking: false,
    })
  })

  it('is GRACE past its end: until the day that the file names, or as long as the file is fresh', () => {
    const ended = { notAfter: now - 1 }
    expect(judge({ notAfter: now }).code).toBe('VALID')
    expect(judge(ended)).toMatchObject({ code: 'GRACE', isWorking: true })
    expect(judge({ ...ended, graceUntil: now })).toMatchObject({ code: 'GRACE', isWorking: true })
    expect(judge({ ...ended, graceUntil: now - 1 })).toMatchObject({ code: 'EXPIRED', reason: 'grace_over' })
    // A grace that ended before the paid year does: the payment came, and the year counts.
    expect(judge({ graceUntil: now - DAY }).code).toBe('VALID')
  })

  it('forgives clocks that differ by a day, not more', () => {
    expect(judge({ notBefore: now + LICENCE_SKEW_MS }).code).toBe('VALID')
    expect(judge({ notBefore: now + LICENCE_SKEW_MS + 1 })).toMatchObject({ code: 'SUSPENDED', reason: 'not_begun' })
    expect(judge({ issuedAt: now + LICENCE_SKEW_MS }).code).toBe('VALID')
    expect(judge({ issuedAt: now + LICENCE_SKEW_MS + 1 })).toMatchObject({ code: 'SUSPENDED', reason: 'clock_behind' })
  })
})

describe('licence keys', () => {
  it('are read as PEM or base64 of DER, and nothing but Ed25519', () => {
    const der = ours.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
    expect(openLicenceFile(signed(valid), readLicenceKeys({ k1: der }), tenantId)).toEqual(valid)
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 })
    for (const text of ['', 'AAAA', 'not a key', pem(rsa.publicKey)])
      expect(() => readLicenceKeys({ k9: text })).toThrow(/k9/)
  })
})
