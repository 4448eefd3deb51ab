import { createPrivateKey, sign } from 'node:crypto'
import type { LicenceFile, LicencePayload } from '#shared/contracts/licence-file.ts'
import { LICENCE_CONTEXT } from './signing-context.ts'

/** Signs licence files with one Ed25519 key (PKCS #8 PEM; RFC 8032); `kid` names its public half. Throws when the key is of another kind. */
export function createLicenceSigner(input: { readonly kid: string; readonly privateKeyPem: string }): {
  readonly sign: (payload: LicencePayload) => LicenceFile
} {
  const key = createPrivateKey(input.privateKeyPem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the licence key is not an Ed25519 key')
  return {
    sign(payload) {
      const octets = Buffer.from(JSON.stringify(payload))
      return {
        kid: input.kid,
        payload: octets.toString('base64url'),
        signature: sign(null, Buffer.concat([Buffer.from(LICENCE_CONTEXT), octets]), key).toString('base64url'),
      }
    },
  }
}
