import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assertBlobKey, assertBlobLimit, assertBlobPrefix } from '../blob-key.ts'
import { BlobFailure, type BlobInfo, type Blobs } from '../blobs.ts'
import { decodeCursor, encodeCursor } from '../cursor.ts'
import type { Clock } from '../small-ports.ts'
import { blobPath } from './blob-paths.ts'
import { walkBlobs } from './blob-walk.ts'
import { makeFolderDurably, syncFolder, writeDurably } from './durable-file.ts'
import { isMissing } from './file-error.ts'
import { isProcessAlive } from './process-alive.ts'

/** Blobs as files below `folder`; what a dead process left half written there is removed. */
export async function createFileBlobs(options: { readonly folder: string; readonly clock: Clock }): Promise<Blobs> {
  const objectsFolder = join(options.folder, 'objects')
  const incomingFolder = join(options.folder, 'incoming')
  await makeFolderDurably(objectsFolder)
  await makeFolderDurably(incomingFolder)
  await removeLeftovers(incomingFolder)
  const ensureFolder = folderMaker(objectsFolder)

  function pathOf(key: string): string {
    assertBlobKey(key)
    return join(objectsFolder, ...blobPath(key))
  }

  async function info(key: string, path: string): Promise<BlobInfo | undefined> {
    try {
      const { size, mtimeMs } = await stat(path)
      return { key, sizeBytes: size, storedAt: Math.round(mtimeMs) }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  return {
    async put(key, bytes) {
      const path = pathOf(key)
      await ensureFolder(dirname(path))
      await writeDurably(path, join(incomingFolder, `${process.pid}-${randomUUID()}`), bytes, options.clock.now())
    },
    async get(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if (isMissing(error)) throw BlobFailure.not_found('there is no such blob', { cause: error })
        throw error
      }
    },
    async head(key) {
      return info(key, pathOf(key))
    },
    async delete(key) {
      const path = pathOf(key)
      try {
        await unlink(path)
        await syncFolder(dirname(path))
      } catch (error) {
        if (!isMissing(error)) throw error
      }
    },
    async list(prefix, { limit, cursor }) {
      assertBlobPrefix(prefix)
      assertBlobLimit(limit)
      const blobs: BlobInfo[] = []
      for await (const found of walkBlobs(objectsFolder, prefix, readCursor(prefix, cursor))) {
        const last = blobs.at(-1)
        if (blobs.length === limit && last !== undefined) return { blobs, cursor: encodeCursor([prefix], [last.key]) }
        const blob = await info(found.key, found.path)
        if (blob !== undefined) blobs.push(blob)
      }
      return { blobs }
    },
  }
}

/** Makes folders below `root`, each once; nobody goes on before every folder of the path is on disk. */
function folderMaker(root: string): (folder: string) => Promise<void> {
  const made = new Map<string, Promise<void>>()

  function ensure(folder: string): Promise<void> {
    const known = made.get(folder)
    if (known !== undefined) return known
    const making = make(folder).catch((error: unknown) => {
      made.delete(folder)
      throw error
    })
    made.set(folder, making)
    return making
  }

  async function make(folder: string): Promise<void> {
    if (folder === root) return
    await ensure(dirname(folder))
    await mkdir(folder, { recursive: true })
    await syncFolder(dirname(folder))
  }

  return ensure
}

/** Half-written files carry the process id of their writer; a living one's are left alone. */
async function removeLeftovers(incomingFolder: string): Promise<void> {
  for (const name of await readdir(incomingFolder)) {
    const processId = Number.parseInt(name, 10)
    if (!Number.isNaN(processId) && isProcessAlive(processId)) continue
    try {
      await unlink(join(incomingFolder, name))
    } catch (error) {
      // Another process that started at the same time removed it first.
      if (!isMissing(error)) throw error
    }
  }
}

function readCursor(prefix: string, cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const [after] = decodeCursor([prefix], 1, cursor) ?? []
  if (after === undefined) throw BlobFailure.bad_cursor('the cursor is not one of this list')
  return after
}
