import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

type Ceremony = { readonly challenge: string; readonly origin: string; readonly rpId: string }

/** User present, user verified, attested credential data (WebAuthn Level 2, §6.1). */
const PRESENT_AND_VERIFIED = 0x05
const PRESENT = 0x01
const ATTESTED = 0x40

/** A passkey device in memory: one ES256 credential, attestation "none". */
export function createAuthenticator() {
  const credentialId = randomBytes(32)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  let counter = 0

  function authData(rpId: string, flags: number, attested: Buffer): Buffer {
    const head = Buffer.alloc(5)
    head.writeUInt8(flags, 0)
    head.writeUInt32BE(counter, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), head, attested])
  }

  function clientData(type: string, { challenge, origin }: Ceremony): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  }

  const common = { id: credentialId.toString('base64url'), rawId: credentialId.toString('base64url') }
  return {
    /** RegistrationResponseJSON. */
    create(ceremony: Ceremony) {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const attested = Buffer.concat([Buffer.alloc(16), length, credentialId, coseKey(publicKey)])
      const data = authData(ceremony.rpId, PRESENT_AND_VERIFIED | ATTESTED, attested)
      const attestation = Buffer.concat([
        Buffer.from([0xa3]),
        text('fmt'),
        text('none'),
        text('attStmt'),
        Buffer.from([0xa0]),
        text('authData'),
        octets(data),
      ])
      return {
        ...common,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', ceremony).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      }
    },
    /** AuthenticationResponseJSON; `isCopy`: as a cloned device would, with a counter that does not move; `isTouchedOnly`: without PIN or finger. */
    get(ceremony: Ceremony, { isCopy = false, isTouchedOnly = false } = {}) {
      counter += isCopy ? 0 : 1
      const data = authData(ceremony.rpId, isTouchedOnly ? PRESENT : PRESENT_AND_VERIFIED, Buffer.alloc(0))
      const client = clientData('webauthn.get', ceremony)
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
      return {
        ...common,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
        },
      }
    },
  }
}

/** An EC2 key for ES256 in CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053 §7.1.1). */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    octets(Buffer.from(x, 'base64url')),
    Buffer.from([0x22]),
    octets(Buffer.from(y, 'base64url')),
  ])
}

/** CBOR text and byte strings (RFC 8949 §3). */
function text(value: string): Buffer {
  return Buffer.concat([head(0x60, value.length), Buffer.from(value)])
}

function octets(value: Buffer): Buffer {
  return Buffer.concat([head(0x40, value.length), value])
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([major + length])
  return length < 256 ? Buffer.from([major + 24, length]) : Buffer.from([major + 25, length >> 8, length & 0xff])
}
