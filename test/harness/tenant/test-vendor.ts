import { generateKeyPairSync, sign } from 'node:crypto'
import { LICENCE_FILE_KEY, type LicencePayload } from '#shared/contracts/licence-file.ts'
import { LICENCE_CONTEXT } from '#shared/licence/signing-context.ts'
import type { Blobs } from '#shared/platform/blobs.ts'

const DAY_MS = 24 * 3600 * 1000

export type LicenceWish = Pick<LicencePayload, 'tenantId' | 'domainName' | 'issuedAt'> & Partial<LicencePayload>

/** A vendor with a key of his own: signs licence files as RFC 8032 says, by no code of the product's. */
export function createTestVendor() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')

  /** The bytes of a licence file: of a paid year unless the wish says otherwise. */
  function licenceFile(wish: LicenceWish): Uint8Array {
    const payload: LicencePayload = {
      format: 1,
      licenceId: 'lic_01jd0000000000000000000000',
      state: 'active',
      isBanned: false,
      entitlements: {},
      limits: { attendeesPerEvent: 1000 },
      notBefore: wish.issuedAt - DAY_MS,
      notAfter: wish.issuedAt + 365 * DAY_MS,
      ...wish,
    }
    const bytes = Buffer.from(JSON.stringify(payload))
    const file = {
      kid: 'test-1',
      payload: bytes.toString('base64url'),
      signature: sign(null, Buffer.concat([Buffer.from(LICENCE_CONTEXT), bytes]), privateKey).toString('base64url'),
    }
    return Buffer.from(JSON.stringify(file))
  }

  return {
    /** As a stack is configured with them. */
    licenceKeys: { 'test-1': publicKey.export({ format: 'pem', type: 'spki' }).toString() },
    licenceFile,
    /** Puts a licence file where the stack looks for it. */
    issue: (blobs: Pick<Blobs, 'put'>, wish: LicenceWish) => blobs.put(LICENCE_FILE_KEY, licenceFile(wish)),
  }
}
