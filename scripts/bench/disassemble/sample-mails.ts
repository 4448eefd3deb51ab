import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const FIXTURES = join(import.meta.dirname, '../../../shared/imip/read/fixtures')

/** Invites of 21 to 24 KB as the three big clients send them: one event, text and HTML. */
const INVITES = ['google-request', 'outlook-request', 'apple-request']

export function sampleMails(): readonly Buffer[] {
  return INVITES.map((name) => readFileSync(join(FIXTURES, `${name}.eml`)))
}
