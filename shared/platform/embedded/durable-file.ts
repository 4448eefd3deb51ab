import { mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes bytes to `path` whole or not at all: temporary file, fsync, rename, fsync of the folder. */
export async function writeDurably(
  path: string,
  temporaryPath: string,
  bytes: Uint8Array,
  modifiedAt: number,
): Promise<void> {
  const file = await open(temporaryPath, 'wx')
  try {
    try {
      await file.writeFile(bytes)
      await file.utimes(modifiedAt / 1000, modifiedAt / 1000)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporaryPath, path)
  } catch (error) {
    await unlink(temporaryPath).catch(() => undefined)
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes a folder and its parents so that they outlive a power loss. */
export async function makeFolderDurably(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; ; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === first) return
  }
}

/** Windows cannot open a folder for syncing and keeps its names in a journal of its own. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
