import { generateKeyPairSync } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import type { LicenceState } from '#shared/contracts/licence-file.ts'
import { readLicenceKeys } from '#shared/licence/licence-keys.ts'
import { createLicenceSigner } from '#shared/licence/sign-licence.ts'
import { openLicenceFile } from '#shared/licence/verify-licence.ts'
import { type BillingPlane, billingPlane } from '#test/harness/billing/billing-plane.ts'
import { DAY_MS } from './calendar.ts'
import { issueLicenceFile } from './issue-licence-file.ts'
import type { Licence } from './licence.ts'

let plane: BillingPlane

afterEach(() => plane?.platform.close())

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const keys = readLicenceKeys({ key_1: publicKey.export({ type: 'spki', format: 'pem' }).toString() })

async function opened(change: Partial<Licence>) {
  plane = await billingPlane()
  const draft = await plane.licence()
  const licence: Licence = { ...draft, ...change }
  const ctx = { ...plane.billing(), licenceSigner: createLicenceSigner({ kid: 'key_1', privateKeyPem: pem }) }
  const file = issueLicenceFile(ctx, licence)
  expect(openLicenceFile({ ...file, payload: `${file.payload}AA` }, keys, licence.tenantId)).toBeUndefined()
  expect(openLicenceFile(file, keys, 'ten_other')).toBeUndefined()
  return openLicenceFile(file, keys, licence.tenantId)
}

const PAID_THROUGH = Date.UTC(2027, 2, 2, 9)

it('says what the licence says, signed', async () => {
  expect(await opened({ state: 'active', paidThrough: PAID_THROUGH, isAbuseHeld: true })).toMatchObject({
    domainName: 'calendar.example.com',
    state: 'active',
    isBanned: true,
    entitlements: { support: true, analytics: true },
    notAfter: PAID_THROUGH,
  })
})

it.each<[LicenceState, Partial<Licence>, number | undefined]>([
  ['active', {}, 28 + 21],
  ['active', { isCancelScheduled: true }, 1],
  ['past_due', {}, 28 + 21],
  ['grace', { graceUntil: PAID_THROUGH + 35 * DAY_MS }, 35],
  ['suspended', {}, undefined],
])('%s promises the tail that follows: %o', async (state, change, days) => {
  const payload = await opened({ state, paidThrough: PAID_THROUGH, ...change })
  expect(payload?.graceUntil).toBe(days === undefined ? undefined : PAID_THROUGH + days * DAY_MS)
})

it('is signed by no other kind of key', () => {
  const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privateKeyPem = rsa.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(() => createLicenceSigner({ kid: 'key_1', privateKeyPem })).toThrow('Ed25519')
})
