import type { MemoryPlatform } from '../platform/memory-platform.ts'

/** Encodings that an address may hide in: as it is, unfolded, as every second byte, or in base64. */
function formsOf(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1')
  const decoded = text
    .split(/\r?\n\r?\n|\r?\n(?=[^\r\n]*[^A-Za-z0-9+/=\r\n])/)
    .map((block) => Buffer.from(block, 'base64').toString('latin1'))
  return [text, ...decoded].flatMap((one) => [one, one.replaceAll(/=?\r?\n[ \t]?|\0/g, '')])
}

/**
 * Where one of some words is in the store: every row of every table of the database as SQLite has it, and every object. It asks no verb of ours, so
 * that nothing is hidden that we forgot to look at.
 */
export async function placesOf(platform: MemoryPlatform, words: readonly string[]): Promise<readonly string[]> {
  const isIn = (bytes: Buffer) =>
    formsOf(bytes).some((form) => words.some((word) => form.toLowerCase().includes(word.toLowerCase())))
  const places: string[] = []
  for (const table of ['rows', 'queue_messages', 'outbox_mails'])
    for (const row of platform.store.prepare(`SELECT * FROM ${table}`).all()) {
      const values = Object.values(row).map((value) =>
        value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
      )
      if (values.some(isIn)) places.push(`${table}: ${values.map(String).join(' | ').slice(0, 300)}`)
    }
  let cursor: string | undefined
  do {
    const page = await platform.blobs.list('', { limit: 1000, ...(cursor === undefined ? {} : { cursor }) })
    for (const { key } of page.blobs) if (isIn(Buffer.from(await platform.blobs.get(key)))) places.push(`blob: ${key}`)
    cursor = page.cursor
  } while (cursor !== undefined)
  return places
}
