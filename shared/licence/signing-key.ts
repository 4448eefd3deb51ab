import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { createLicenceSigner } from './sign-licence.ts'

/**
 * The vendor's signing key (Ed25519, PKCS #8 PEM) as what it is used for. Its kid is the hash of its public half, so that another key has
 * another name. Throws when the text is no such key.
 */
export function openSigningKey(privateKeyPem: string) {
  const publicKey = createPublicKey(privateKeyPem)
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const kid = createHash('sha256').update(publicPem).digest('base64url').slice(0, 16)
  const key = createPrivateKey(privateKeyPem)
  return {
    kid,
    /** As a tenant's stack is configured with it. */
    publicKeySpki: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    licenceSigner: createLicenceSigner({ kid, privateKeyPem }),
    textSigner: {
      sign: (text: string) => ({ kid, signature: sign(null, Buffer.from(text), key).toString('base64url') }),
    },
  }
}
