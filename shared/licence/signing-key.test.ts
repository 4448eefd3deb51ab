import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { openSigningKey } from './signing-key.ts'

const pemOf = (type: 'ed25519' | 'ed448') =>
  (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ed448')).privateKey
    .export({ type: 'pkcs8', format: 'pem' })
    .toString()

it('names a key by its public half, signs texts with it, and tells the half that verifies them', () => {
  const pem = pemOf('ed25519')
  const { kid, publicKeySpki, textSigner } = openSigningKey(pem)
  expect(kid).toMatch(/^[A-Za-z0-9_-]{16}$/)
  expect(openSigningKey(pem).kid).toBe(kid)
  expect(openSigningKey(pemOf('ed25519')).kid).not.toBe(kid)
  const key = createPublicKey({ key: Buffer.from(publicKeySpki, 'base64'), format: 'der', type: 'spki' })
  const signed = textSigner.sign('a text')
  expect(signed.kid).toBe(kid)
  expect(verify(null, Buffer.from('a text'), key, Buffer.from(signed.signature, 'base64url'))).toBe(true)
  expect(verify(null, Buffer.from('another'), key, Buffer.from(signed.signature, 'base64url'))).toBe(false)
})

it('refuses a key of another kind', () => {
  expect(() => openSigningKey(pemOf('ed448'))).toThrow('not an Ed25519 key')
})
