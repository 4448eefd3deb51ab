import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'

export type DkimKey = { readonly privateKey: string; readonly record: string }

/** A key pair as a signer holds it and as its DNS record shows it. */
export function rsaKey(bits = 2048): DkimKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: bits })
  const shown = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return { privateKey: pem(privateKey), record: `v=DKIM1; k=rsa; p=${shown}` }
}

export function ed25519Key(): DkimKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  // RFC 8463 §4: the bare 32 octets, not the SubjectPublicKeyInfo around them.
  const shown = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
  return { privateKey: pem(privateKey), record: `v=DKIM1; k=ed25519; p=${shown}` }
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** A plain invitation from Ana of `domainName`, CRLF. */
export function mailFrom(domainName: string, body = 'Shall we meet on Tuesday?\r\nAna\r\n'): string {
  return [
    `From: "Ana Diaz" <ana@${domainName}>`,
    'To: create@events.example.org',
    'Subject: Planning',
    'Date: Tue, 03 Mar 2026 10:00:00 +0000',
    `Message-ID: <1@${domainName}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    body,
  ].join('\r\n')
}

export type SignWith = {
  readonly domainName: string
  readonly key: DkimKey
  readonly selector?: string
  readonly canonicalization?: 'relaxed/relaxed' | 'simple/simple' | 'relaxed/simple'
  readonly maxBodyLength?: number
  readonly signTime?: Date
  readonly expires?: Date
}

/** The mail with a real DKIM signature on top. */
export async function signed(mail: string, { domainName, key, selector = 'sel', ...rest }: SignWith): Promise<string> {
  const one = { ...rest, signingDomain: domainName, selector, privateKey: key.privateKey }
  const { signatures, errors } = await dkimSign(mail, { ...one, signatureData: [one] })
  if (signatures === '') throw new Error(`not signed: ${JSON.stringify(errors)}`)
  return signatures + mail
}
