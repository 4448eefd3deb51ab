import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', '..', 'samples')

/** Every sample mail, `google-single-timed` and so on. */
export function sampleNames(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => name.slice(0, -'.eml'.length))
}

export function readSample(name: string): Buffer {
  return readFileSync(join(folder, `${name}.eml`))
}
