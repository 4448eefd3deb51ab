import { createPublicKey, type KeyObject } from 'node:crypto'
import { defineFailures } from '#shared/errors/failure.ts'

/** Public keys of licence files by `kid`; none: no licence is asked for. */
export type LicenceKeys = ReadonlyMap<string, KeyObject>

const LicenceKeyFailure = defineFailures('licence_key', { invalid: { status: 500, retry: false } })

/** Reads keys as they are configured, SPKI as PEM or as the base64 of its DER (RFC 8410). Throws `licence_key.invalid`, naming the kid. */
export function readLicenceKeys(texts: Readonly<Record<string, string>>): LicenceKeys {
  return new Map(Object.entries(texts).map(([kid, text]) => [kid, readKey(kid, text)]))
}

function readKey(kid: string, text: string): KeyObject {
  const key = parse(kid, text)
  // Any other kind would verify by another algorithm than the one that the file promises.
  if (key.asymmetricKeyType !== 'ed25519') throw LicenceKeyFailure.invalid(`licence key ${kid} is not an Ed25519 key`)
  return key
}

function parse(kid: string, text: string): KeyObject {
  try {
    if (text.includes('-----BEGIN')) return createPublicKey(text)
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
  } catch (cause) {
    throw LicenceKeyFailure.invalid(`licence key ${kid} is not a public key`, { cause })
  }
}
