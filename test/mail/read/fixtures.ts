import type { Buffer } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../../shared/imip/read/fixtures')

/** Names of the client-shaped mails, without `.eml`. */
export const fixtureNames: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => name.slice(0, -4))
  .sort((a, b) => a.localeCompare(b))

export function fixture(name: string): Buffer {
  return readFileSync(join(FOLDER, `${name}.eml`))
}
