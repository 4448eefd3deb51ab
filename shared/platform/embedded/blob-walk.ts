import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { prefixPath, readName } from './blob-paths.ts'
import { isMissing } from './file-error.ts'

export type FoundBlob = { readonly key: string; readonly path: string }

type Entry = { readonly text: string; readonly path: string; readonly isFolder: boolean }

/** The blobs whose keys begin with `prefix` and come after `after`, in key order, read as far as the taker asks. */
export async function* walkBlobs(objectsFolder: string, prefix: string, after: string): AsyncGenerator<FoundBlob> {
  const start = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  yield* walkFolder(join(objectsFolder, ...prefixPath(prefix)), start, prefix, after)
}

async function* walkFolder(folder: string, start: string, prefix: string, after: string): AsyncGenerator<FoundBlob> {
  const entries = await readEntries(folder, '')
  // All keys below `a/` stand together, so sorting `a`, `a!`, `a/` as text gives the order of the keys.
  for (const entry of entries.toSorted((a, b) => (a.text < b.text ? -1 : 1))) {
    const text = start + entry.text
    const isWithin = text.startsWith(prefix)
    if (entry.isFolder) {
      const hasMore = text > after || after.startsWith(text)
      if (hasMore && (isWithin || prefix.startsWith(text))) yield* walkFolder(entry.path, text, prefix, after)
    } else if (isWithin && text > after) yield { key: text, path: entry.path }
  }
}

/** One level of the key: a cut segment's rest is read along, as if it stood in the same folder. */
async function readEntries(folder: string, start: string): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (const file of await readNames(folder)) {
    const name = readName(file)
    if (name === undefined) continue
    const path = join(folder, file)
    if (name.kind === 'cut') entries.push(...(await readEntries(path, start + name.text)))
    else if (name.kind === 'folder') entries.push({ text: `${start}${name.text}/`, path, isFolder: true })
    else entries.push({ text: start + name.text, path, isFolder: false })
  }
  return entries
}

async function readNames(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}
