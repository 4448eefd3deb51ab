import { generateKeyPairSync } from 'node:crypto'
import { readTextFile, writeWholeFile } from '#shared/runtime/whole-file.ts'

/** For this user alone. */
const PRIVATE = 0o600

/** A secret of this data folder, made at the first start and kept. The file comes first: what is used is surely kept. */
export async function keptSecret(
  file: string,
  make: () => string,
): Promise<{ readonly secret: string; readonly isNew: boolean }> {
  const known = (await readTextFile(file))?.trimEnd() ?? ''
  if (known !== '') return { secret: known, isNew: false }
  const secret = make()
  await writeWholeFile(file, `${secret}\n`, PRIVATE)
  return { secret, isNew: true }
}

/** An Ed25519 private key in PEM (PKCS #8). */
export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd()
}
