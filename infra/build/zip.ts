import { type Zippable, zipSync } from 'fflate'

/** The oldest time a zip can carry, so that the same code is the same bytes whenever it is built. */
const MTIME = new Date(1980, 0, 1)

/** A function's zip: its files, and with each the licences of what was bundled into it. */
export function zipOf(parts: readonly string[], files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {}
  for (const name of parts.flatMap((part) => [part, `${part}.LEGAL.txt`])) {
    const bytes = files.get(name)
    if (bytes !== undefined) entries[name] = [bytes, { mtime: MTIME, level: 9 }]
  }
  return zipSync(entries)
}
